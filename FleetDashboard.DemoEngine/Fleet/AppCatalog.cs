namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>The demo company: fifteen apps with sixty containers. One app is down and one is in trouble.</summary>
internal static class AppCatalog
{
    public static readonly AppBlueprint[] Apps =
    [
        new(
            "storefront",
            Grouping.Compose,
            [
                Web(18080),
                Api("api", "acme/storefront-api:2.14.1"),
                Worker("worker", "acme/storefront-worker:2.14.1"),
                Worker("worker", "acme/storefront-worker:2.14.1") with
                {
                    Number = 2,
                },
                Postgres(15432),
                Redis(),
            ]
        ),
        new(
            "billing",
            Grouping.Compose,
            [
                Web(18081, "acme/billing-web:3.2.0") with
                {
                    Behavior = Behavior.MemoryTight,
                    MemoryLimit = 64 << 20,
                },
                Worker("worker", "acme/billing-worker:3.2.0") with
                {
                    Behavior = Behavior.CpuBound,
                    Cpus = 0.5,
                },
                Postgres(15433),
                Redis(),
                new("migrate", ContainerKind.Job, "acme/billing-web:3.2.0") { Behavior = Behavior.Finished, RestartPolicy = "no" },
            ]
        ),
        new("wiki", Grouping.Compose, [Web(18082, "acme/wiki:10.4.2"), MariaDb(13306), Redis()]),
        new(
            "git",
            Grouping.Compose,
            [
                Web(18083, "acme/git:1.22.3") with
                {
                    ExtraPort = new(22, 12222),
                },
                Worker("runner", "acme/git-runner:0.4.1"),
                Postgres(15434),
                Redis(),
            ]
        ),
        new(
            "mail",
            Grouping.Compose,
            [
                new("smtp", ContainerKind.Worker, "acme/mail-smtp:3.9") { Port = new(25, 12525), Cpu = 0.03 },
                new("imap", ContainerKind.Worker, "acme/mail-imap:3.9") { Port = new(143, 11143, "127.0.0.1"), Cpu = 0.02 },
                Web(18084, "acme/mail-web:1.6.9"),
                Worker("antispam", "acme/mail-antispam:4.0") with
                {
                    Memory = 310 << 20,
                },
                MariaDb(13307),
            ]
        ),
        new(
            "photos",
            Grouping.Compose,
            [
                Web(18085, "acme/photos:1.119.1"),
                Worker("worker", "acme/photos:1.119.1"),
                Worker("ml", "acme/photos-ml:1.119.1") with
                {
                    Cpu = 0.42,
                    Memory = 900 << 20,
                    Cpus = 2,
                },
                Postgres(15435),
                Redis(),
            ]
        ),
        new("notes", Grouping.Compose, [Web(18086, "acme/notes:0.59"), Postgres(15436), Redis()]),
        new("crm", Grouping.Compose, [Web(18087, "acme/crm:8.6.1"), Worker("worker", "acme/crm:8.6.1"), MariaDb(13308), Redis()]),
        new(
            "search",
            Grouping.Compose,
            [
                Web(18088, "acme/search-api:1.11"),
                Worker("indexer", "acme/search-indexer:1.11") with
                {
                    Cpu = 0.21,
                    Memory = 520 << 20,
                },
                Worker("crawler", "acme/search-crawler:1.11"),
                Postgres(15437),
                Redis(),
            ]
        ),
        new("chat", Grouping.Stack, [Web(18089, "acme/chat:7.1"), Worker("bridge", "acme/chat-bridge:2.2"), Postgres(15438), Redis()]),
        new(
            "ci",
            Grouping.Compose,
            [
                Web(18090, "acme/ci-server:2.7.1"),
                Worker("runner", "acme/ci-runner:2.7.1") with
                {
                    Cpu = 0.3,
                },
                Worker("runner", "acme/ci-runner:2.7.1") with
                {
                    Number = 2,
                    Cpu = 0.26,
                },
                Postgres(15439),
            ]
        ),
        new(
            "edge",
            Grouping.Label,
            [
                Web(18443, "nginx:1.27.2") with
                {
                    Service = "proxy",
                    Cpu = 0.11,
                },
                Worker("acme", "acme/certs:4.19") with
                {
                    Cpu = 0.002,
                    SharesNetworkOf = "proxy",
                },
                Worker("metrics", "acme/node-metrics:1.8.2") with
                {
                    Cpu = 0.01,
                    OnHostNetwork = true,
                },
            ]
        ),
        new(
            "trouble",
            Grouping.Compose,
            [
                Web(18091, "acme/trouble-web:0.3.0") with
                {
                    Behavior = Behavior.Unhealthy,
                },
                Worker("worker", "acme/trouble-worker:0.3.0") with
                {
                    Behavior = Behavior.CrashLoop,
                },
                Worker("importer", "acme/trouble-importer:0.3.0") with
                {
                    Behavior = Behavior.OutOfMemory,
                    MemoryLimit = 96 << 20,
                    RestartPolicy = "no",
                },
                Worker("report", "acme/trouble-report:0.3.0") with
                {
                    Behavior = Behavior.Paused,
                },
                Postgres(15440),
            ]
        ),
        new(
            "legacy",
            Grouping.NamePrefix,
            [
                Web(18092, "acme/intranet:2009") with
                {
                    Name = "legacy-web",
                },
                MariaDb(13309) with
                {
                    Name = "legacy_db",
                },
                Redis() with
                {
                    Name = "legacy-cache",
                },
            ]
        ),
        new("backup", Grouping.Loose, [Worker("backup", "acme/backup:0.17.3") with { Name = "backup", Tty = true, Cpu = 0.05 }]),
    ];

    /// <summary>An app of a larger fleet: the same four parts under another name.</summary>
    public static AppBlueprint Replica(string name, int index) =>
        new(
            name,
            Grouping.Compose,
            [
                Web(20000 + index, $"acme/{name[..name.LastIndexOf('-')]}:2.{index % 40}"),
                Worker("worker", "acme/jobs:1.4.0"),
                index % 3 == 0 ? MariaDb(30000 + index) : Postgres(30000 + index),
                Redis(),
            ]
        );

    public static ServiceBlueprint Worker(string service, string image) =>
        new(service, ContainerKind.Worker, image) { Cpu = 0.08, Memory = 120 << 20 };

    private static ServiceBlueprint Web(int port, string image = "nginx:1.27.2") =>
        new("web", ContainerKind.Web, image)
        {
            Port = new(80, port),
            Cpu = 0.05,
            Memory = 70 << 20,
            HasHealthcheck = true,
        };

    private static ServiceBlueprint Api(string service, string image) =>
        new(service, ContainerKind.Web, image)
        {
            Cpu = 0.12,
            Memory = 180 << 20,
            MemoryLimit = 512 << 20,
            Cpus = 1,
            HasHealthcheck = true,
        };

    private static ServiceBlueprint Postgres(int port) =>
        new("db", ContainerKind.Postgres, "postgres:16.4")
        {
            Port = new(5432, port, "127.0.0.1"),
            Cpu = 0.04,
            Memory = 210 << 20,
            HasHealthcheck = true,
        };

    private static ServiceBlueprint MariaDb(int port) =>
        new("db", ContainerKind.MariaDb, "mariadb:11.4.3")
        {
            Port = new(3306, port, "127.0.0.1"),
            Cpu = 0.03,
            Memory = 260 << 20,
            HasHealthcheck = true,
        };

    private static ServiceBlueprint Redis() => new("cache", ContainerKind.Redis, "redis:7.4.1") { Cpu = 0.012, Memory = 24 << 20 };
}

internal sealed record AppBlueprint(string Name, Grouping Grouping, ServiceBlueprint[] Services);

/// <summary>How the containers of an app can be recognised as one app.</summary>
internal enum Grouping
{
    Compose,
    Stack,
    Label,
    NamePrefix,
    Loose,
}

internal sealed record ServiceBlueprint(string Service, ContainerKind Kind, string Image)
{
    public int Number { get; init; } = 1;
    public string? Name { get; init; }
    public Behavior Behavior { get; init; }
    public PortPlan? Port { get; init; }
    public PortPlan? ExtraPort { get; init; }
    public double Cpu { get; init; } = 0.01;
    public long Memory { get; init; } = 40 << 20;
    public double Cpus { get; init; }
    public long MemoryLimit { get; init; }
    public string RestartPolicy { get; init; } = "unless-stopped";
    public bool HasHealthcheck { get; init; }
    public bool Tty { get; init; }
    public bool OnHostNetwork { get; init; }
    public string? SharesNetworkOf { get; init; }
}
