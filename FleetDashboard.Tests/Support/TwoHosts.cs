using System.Net;
using System.Net.Sockets;
using FleetDashboard.Contracts;

namespace FleetDashboard.Tests.Support;

/// <summary>Two hosts, each with an app of the same name, a network with the same range, and an app of its own.</summary>
internal static class TwoHosts
{
    public static FleetSnapshot One(HealthColor wiki = HealthColor.Green, DateTimeOffset? at = null) => Create("lab-1", "a", wiki, at);

    public static FleetSnapshot Two(HealthColor wiki = HealthColor.Green, DateTimeOffset? at = null) => Create("lab-2", "b", wiki, at);

    /// <summary>A loopback address with a port that no program listens on. Other addresses of 127/8 have the same port free.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static FleetSnapshot Create(string host, string own, HealthColor wiki, DateTimeOffset? at)
    {
        var shared = Snapshots.App("wiki", Container("wiki", "web", host, wiki)) with
        {
            Title = "Wiki",
            Ports = [new PortSnapshot("0.0.0.0", 18080, "tcp", "wiki-web-1", 80, false)],
        };
        var only = Snapshots.App($"only-{own}", Container($"only-{own}", "web", host, HealthColor.Green));
        var snapshot = Snapshots.Create([shared, only], at: at);
        return snapshot with
        {
            Host = snapshot.Host with { Name = host, EngineId = $"engine-of-{host}" },
            Warnings = [$"a warning of {host}"],
            Networks =
            [
                new(
                    $"{host}-bridge",
                    "wiki_default",
                    "bridge",
                    false,
                    [new("172.18.0.0/24", "172.18.0.1")],
                    [new("wiki-web-1", "wiki", ["172.18.0.2"])]
                ),
                new(
                    "overlay-of-both",
                    "mesh",
                    "overlay",
                    false,
                    [new("10.9.0.0/24", "10.9.0.1")],
                    [new($"only-{own}-web-1", $"only-{own}", [own == "a" ? "10.9.0.2" : "10.9.0.3"])]
                ),
            ],
        };
    }

    // A container id is unique across hosts.
    private static ContainerSnapshot Container(string app, string service, string host, HealthColor color)
    {
        var container =
            color == HealthColor.Red
                ? Snapshots.Container(app, service, color, "exited", code: ReasonCodes.Exited, why: "exited with 1")
                : Snapshots.Container(app, service);
        return container with { Id = Snapshots.IdOf($"{host}/{container.Name}"), Actions = [ActionNames.Restart] };
    }
}
