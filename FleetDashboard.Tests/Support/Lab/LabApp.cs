using FleetDashboard.Contracts;

namespace FleetDashboard.Tests.Support.Lab;

/// <summary>Containers that belong together, each way of saying so, as the tools write it.</summary>
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

    /// <summary>A container that says by our own label where it belongs.</summary>
    public static LabContainer Labelled(string app, string name) =>
        new(name)
        {
            App = app,
            Origin = AppOrigin.Label,
            Labels = new Dictionary<string, string> { ["fleet.app"] = app },
        };

    /// <summary>A container known only by the first part of its name.</summary>
    public static LabContainer Prefixed(string app, string name) => new(name) { App = app, Origin = AppOrigin.Prefix };

    /// <summary>A container known only by a network that nobody else is on.</summary>
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
