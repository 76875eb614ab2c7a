using FleetDashboard.Contracts;

namespace FleetDashboard.Tests.Support.Lab;

/// <summary>Containers that form an app, in each way that tools label them.</summary>
internal static class LabApp
{
    /// <summary>A service of a Compose project, named, labelled and connected as Compose does.</summary>
    public static LabContainer Compose(string project, string service, int number = 1, bool oneOff = false) =>
        new($"{project}-{service}-{number}")
        {
            App = project,
            Origin = AppOrigin.Compose,
            Networks = [$"{project}_default"],
            Labels = new Dictionary<string, string>
            {
                ["com.docker.compose.project"] = project,
                ["com.docker.compose.service"] = service,
                ["com.docker.compose.container-number"] = $"{number}",
                ["com.docker.compose.oneoff"] = oneOff ? "True" : "False",
                ["com.docker.compose.version"] = "2.32.4",
            },
        };

    /// <summary>A task of a Swarm stack.</summary>
    public static LabContainer Stack(string stack, string service, string task) =>
        new($"{stack}_{service}.1.{task}")
        {
            App = stack,
            Origin = AppOrigin.Stack,
            Networks = [$"{stack}_default"],
            Labels = new Dictionary<string, string>
            {
                ["com.docker.stack.namespace"] = stack,
                ["com.docker.swarm.service.name"] = $"{stack}_{service}",
                ["com.docker.swarm.task.name"] = $"{stack}_{service}.1.{task}",
            },
        };

    /// <summary>A container with our own app label.</summary>
    public static LabContainer Labelled(string app, string name) =>
        new(name)
        {
            App = app,
            Origin = AppOrigin.Label,
            Labels = new Dictionary<string, string> { ["fleet.app"] = app },
        };

    /// <summary>A container that is grouped only by its name prefix.</summary>
    public static LabContainer Prefixed(string app, string name) => new(name) { App = app, Origin = AppOrigin.Prefix };

    /// <summary>A container that is grouped only by a network that no other app uses.</summary>
    public static LabContainer OnNetwork(string network, string name) =>
        new(name)
        {
            App = network,
            Origin = AppOrigin.Network,
            Networks = [network],
        };

    public static LabContainer Database(this LabContainer container, string image) => container with { Image = image };

    public static LabContainer Publishing(this LabContainer container, params string[] ports) => container with { Ports = ports };
}
