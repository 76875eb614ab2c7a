using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Tests.Support;

/// <summary>Fleets with everything that the ports and networks pages must show.</summary>
internal static class PlaceFleets
{
    /// <summary>
    /// The usual fleet with its networks, and an app "edge" with a conflict, port ranges, three protocols, IPv4 and IPv6, and every network
    /// mode.
    /// </summary>
    public static FleetSnapshot Fleet(long sequence = 1, DateTimeOffset? at = null)
    {
        var edge = Snapshots.App(
            "edge",
            Snapshots.Container("edge", "proxy", healthcheck: "healthy") with
            {
                CpuCores = 0.6,
                CpuLimitCores = 1,
            },
            Snapshots.Container("edge", "dns"),
            Snapshots.Container("edge", "exporter") with
            {
                NetworkMode = "host",
            },
            Snapshots.Container("edge", "sidecar") with
            {
                NetworkMode = "container:edge-proxy-1",
            },
            Snapshots.Container("edge", "batch") with
            {
                NetworkMode = "none",
            },
            Snapshots.Container(
                "edge",
                "old",
                HealthColor.Amber,
                "exited",
                code: ReasonCodes.Stopped,
                why: "stopped 3 min ago, though its restart policy is always"
            ) with
            {
                ExitCode = 0,
            }
        ) with
        {
            CpuCores = 0.62,
            MemoryBytes = 120 << 20,
            Ports =
            [
                .. Both("edge-proxy-1", 443, "tcp", 8443),
                .. Both("edge-proxy-1", 443, "udp", 8443),
                .. Enumerable.Range(8000, 11).SelectMany(port => Both("edge-proxy-1", port, "tcp", port)),
                new("10.0.0.4", 53, "udp", "edge-dns-1", 5353, false),
                new("127.0.0.1", 9100, "tcp", "edge-dns-1", 9100, false),
                new("0.0.0.0", 3868, "sctp", "edge-dns-1", 3868, false),
                new("0.0.0.0", 18010, "tcp", "edge-old-1", 80, true),
            ],
            Owner = "platform",
            Link = "https://edge.example.org/",
            Runbook = "https://wiki.example.org/edge",
            ExpectedPorts =
            [
                new(null, 8443, "tcp", false, "nobody has it open", "nobody has it open", 12),
                new(null, 443, "tcp", true, null, null, 11),
            ],
            Networks =
            [
                new("edge_default", "bridge", ["172.31.42.0/24"]),
                new("edge_admin", "bridge", ["172.31.42.128/28", "fd00:42::/64"]),
            ],
        };
        var usual = Snapshots.Fleet(sequence, 1, at);
        var apps = usual
            .Apps.Where(app => app.Name != "edge")
            .Select(app =>
                app.Name == "storefront"
                    ? app with
                    {
                        Ports = [.. app.Ports.Select(port => port.Port == 18010 ? port with { Conflict = true } : port)],
                    }
                    : app
            )
            .Append(edge)
            .ToList();
        return Snapshots.Create(apps, sequence, at) with
        {
            Networks =
            [
                .. apps.Where(app => app.Name != "edge")
                    .SelectMany((app, i) => app.Networks.Select(network => Network(network.Name, network.Subnets[0], app))),
                new(
                    "id-edge_default",
                    "edge_default",
                    "bridge",
                    false,
                    [new("172.31.42.0/24", "172.31.42.1")],
                    [
                        Member("edge-proxy-1", "172.31.42.2", "edge"),
                        Member("edge-dns-1", "172.31.42.3", "edge"),
                        new("edge-old-1", "edge", []),
                    ]
                ),
                new(
                    "id-edge_admin",
                    "edge_admin",
                    "bridge",
                    true,
                    [new("172.31.42.128/28", "172.31.42.129"), new("fd00:42::/64", "fd00:42::1")],
                    [new("edge-dns-1", "edge", ["172.31.42.130", "fd00:42::2"])]
                ),
                new("id-bridge", "bridge", "bridge", false, [new("172.17.0.0/16", "172.17.0.1")], []),
                new("id-host", "host", "host", false, [], []),
                new("id-none", "none", "null", false, [], []),
            ],
        };
    }

    /// <summary>One app with that many ports, each published on every address of both families.</summary>
    public static FleetSnapshot ManyPorts(int count) =>
        Snapshots.Create(
            Enumerable
                .Range(0, count / 20)
                .Select(app =>
                    Snapshots.App($"app-{app:000}", Snapshots.Container($"app-{app:000}", "web")) with
                    {
                        // A gap of two, so that no two of them form a range.
                        Ports =
                        [
                            .. Enumerable
                                .Range(0, 20)
                                .SelectMany(i => Both($"app-{app:000}-web-1", 10_000 + (app * 40) + (i * 2), "tcp", 80)),
                        ],
                    }
                ),
            at: TimeProvider.System.GetUtcNow()
        );

    /// <summary>That many networks with five containers on each.</summary>
    public static FleetSnapshot ManyNetworks(int count)
    {
        string[] services = ["web", "api", "worker", "db", "cache"];
        var apps = Enumerable
            .Range(0, count)
            .Select(i => Snapshots.App($"app-{i:000}", [.. services.Select(service => Snapshots.Container($"app-{i:000}", service))]))
            .ToList();
        return Snapshots.Create(apps, at: TimeProvider.System.GetUtcNow()) with
        {
            Networks = [.. apps.Select((app, i) => Network($"{app.Name}_default", $"172.{20 + (i / 250)}.{i % 250}.0/24", app))],
        };
    }

    private static IEnumerable<PortSnapshot> Both(string container, int port, string protocol, int target) =>
        [new("0.0.0.0", port, protocol, container, target, false), new("::", port, protocol, container, target, false)];

    private static NetworkSnapshot Network(string name, string subnet, AppSnapshot app)
    {
        var prefix = subnet[..subnet.LastIndexOf('.')];
        return new NetworkSnapshot(
            $"id-{name}",
            name,
            "bridge",
            false,
            [new(subnet, $"{prefix}.1")],
            [
                .. app.Containers.Select(
                    (container, i) => Member(container.Name, container.State == "exited" ? null : $"{prefix}.{i + 2}", app.Name)
                ),
            ]
        );
    }

    private static NetworkMember Member(string container, string? address, string app) =>
        new(container, app, address is null ? [] : ImmutableArray.Create(address));
}
