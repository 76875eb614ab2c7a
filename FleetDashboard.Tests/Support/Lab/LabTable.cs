using static FleetDashboard.Tests.Support.Lab.LabApp;

namespace FleetDashboard.Tests.Support.Lab;

/// <summary>
/// The fleet of the lab: sixty containers in twenty apps, in every state and with every kind of grouping. The names are fixed, because they
/// are part of what is tested, so an engine holds one lab.
/// </summary>
internal static class LabTable
{
    /// <summary>Label values are untrusted text. This one must never run on a page.</summary>
    public const string HostileName = "<script>alert(1)</script>";

    /// <summary>Databases only by image name: each is the tests' busybox under another tag.</summary>
    public static readonly string[] DatabaseImages = ["postgres:16", "mariadb:11", "redis:7", "valkey/valkey:8", "mongo:7"];

    public static readonly LabContainer[] Containers =
    [
        // Red: one service in a crash loop, all other services healthy, and an init container that has finished.
        Compose("billing", "web", 1).Healthy().Publishing("0.0.0.0:28080:80/tcp"),
        Compose("billing", "web", 2).Healthy(),
        Compose("billing", "worker").CrashLoop(),
        Compose("billing", "db").Database("postgres:16"),
        Compose("billing", "cache").Database("redis:7"),
        Compose("billing", "migrate").Finished(),
        // Green despite a finished one-shot container.
        Compose("shop", "web").Healthy().Publishing("127.0.0.1:28081:80/tcp"),
        Compose("shop", "api").Healthy(),
        Compose("shop", "db").Database("mariadb:11"),
        Compose("shop", "cache").Database("valkey/valkey:8"),
        Compose("shop", "seed").Finished(),
        // Amber: at its CPU limit.
        Compose("media", "transcoder").AtItsCpuLimit(),
        Compose("media", "web").Publishing("0.0.0.0:28082:80/tcp"),
        Compose("media", "dlna").Publishing("0.0.0.0:28082:1900/udp", "127.0.0.1:28083:8200/tcp"),
        Compose("media", "db").Database("postgres:16"),
        Compose("media", "shell", oneOff: true).Finished(),
        // Amber: memory at 93 % of its limit; a container on two networks.
        Compose("search", "index").NearItsMemoryLimit(),
        Compose("search", "api") with
        {
            Networks = ["search_default", "shop_default"],
        },
        Compose("search", "web"),
        Compose("search", "store").Database("mongo:7"),
        // Red: failing health check.
        Compose("auth", "server").Unhealthy().Publishing("127.0.0.1:28084:8080/tcp"),
        Compose("auth", "db").Database("postgres:16"),
        Compose("auth", "cache").Database("redis:7"),
        Compose("auth", "mailer"),
        // Red: killed by an out-of-memory condition. Also a health check that never leaves its start period.
        Compose("reports", "render").KilledForMemory(),
        Compose("reports", "scheduler").StartingForever(),
        Compose("reports", "api").Healthy(),
        Compose("reports", "db").Database("postgres:16"),
        // Red: a failed job, a waiting one, one restarted recently, and one killed for memory again and again.
        Compose("batch", "import").Exited(2),
        Compose("batch", "export").OnlyCreated(),
        Compose("batch", "sync").RestartedOnce(),
        Compose("batch", "cruncher").KilledForMemoryAgainAndAgain(),
        // Red: could not start, because its port is taken by another container.
        Compose("edge", "proxy").Publishing("0.0.0.0:28443:443/tcp"),
        Compose("edge", "proxy", 2).Publishing("0.0.0.0:28443:443/tcp").PortTaken(by: "edge-proxy-1"),
        Compose("edge", "dns").Publishing("0.0.0.0:28053:53/udp", "0.0.0.0:28053:53/tcp"),
        // Green, with an internal network.
        Compose("metrics", "prometheus") with
        {
            Networks = ["metrics_default", "metrics_internal"],
        },
        Compose("metrics", "grafana").Healthy(),
        Compose("metrics", "loki") with
        {
            Networks = ["metrics_internal"],
        },
        Compose("metrics", "alerts"),
        // Green: one container uses another's network.
        Compose("tunnel", "vpn").Publishing("0.0.0.0:28085:8112/tcp"),
        Compose("tunnel", "torrent") with
        {
            NetworkMode = "container:tunnel-vpn-1",
            Networks = [],
            After = "tunnel-vpn-1",
        },
        Stack("mail", "smtp", "k3jq0z7m1xw2").Publishing("0.0.0.0:28025:25/tcp"),
        Stack("mail", "imap", "p9r4s8t2u6va"),
        Stack("mail", "spam", "b1c5d9e3f7gh"),
        // Amber: paused, and stopped by hand.
        Labelled("crm", "apollo"),
        Labelled("crm", "hermes").Paused(),
        Labelled("crm", "athena").StoppedByHand(),
        Labelled(HostileName, "tooltip-one"),
        Labelled(HostileName, "banner-two"),
        // No labels: only a common name prefix.
        Prefixed("legacy", "legacy-web").Publishing("0.0.0.0:28086:80/tcp"),
        Prefixed("legacy", "legacy_db").Database("mariadb:11"),
        Prefixed("legacy", "legacy.cron"),
        // No labels and nothing in common except a network.
        OnNetwork("wetland", "otter"),
        OnNetwork("wetland", "heron"),
        OnNetwork("wetland", "newt").Healthy(),
        // Single containers. Sharing the default bridge or the host's network does not form an app.
        new("kiosk"),
        new("terminal") { Tty = true },
        new("watchman") { NetworkMode = "host" },
        new("doorbell") { NetworkMode = "host" },
        new("hermit") { NetworkMode = "none" },
    ];

    /// <summary>The networks of the lab, each with its own range.</summary>
    public static readonly LabNetwork[] Networks =
    [
        .. Containers
            .SelectMany(container => container.Networks)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select((name, index) => new LabNetwork(name, $"10.77.{index + 1}.0/24", name.EndsWith("_internal", StringComparison.Ordinal))),
    ];
}

/// <summary>One network of the lab.</summary>
internal sealed record LabNetwork(string Name, string Subnet, bool Internal);
