using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Tests.Support;

/// <summary>Realistic snapshots: a fleet of 60 containers in 15 apps, and single objects with only the values that a test needs.</summary>
internal static class Snapshots
{
    public static readonly DateTimeOffset At = new(2026, 11, 23, 8, 0, 5, TimeSpan.Zero);
    private const long Mebi = 1024 * 1024;
    private static readonly string[] Quiet =
    [
        "storefront",
        "wiki",
        "git",
        "mail",
        "photos",
        "notes",
        "crm",
        "search",
        "chat",
        "ci",
        "edge",
        "shop",
    ];

    /// <summary>
    /// 15 apps with 60 containers: one app down, one in trouble, one with finished and idle parts, all other apps healthy.
    /// </summary>
    public static FleetSnapshot Fleet(long sequence = 1, double load = 1, DateTimeOffset? at = null) =>
        Create(
            new[] { Trouble(), Billing() }
                .Concat(Quiet.Select((name, i) => Healthy(name, i + 1, load)))
                .Append(Legacy())
                .Select(app => Moved(app, (at ?? At) - At)),
            sequence,
            at
        );

    public static FleetSnapshot Create(IEnumerable<AppSnapshot> apps, long sequence = 1, DateTimeOffset? at = null)
    {
        var all = apps.OrderByDescending(app => app.Color).ThenBy(app => app.Name, StringComparer.Ordinal).ToImmutableArray();
        var containers = all.SelectMany(app => app.Containers).ToList();
        return new FleetSnapshot
        {
            Host = new HostSnapshot("lab-1", "Docker", "20.10.24", "1.41", 2, 25_276_502_016, false),
            Sequence = sequence,
            TakenAt = at ?? At,
            Stale = false,
            IntervalSeconds = 5,
            OverdueAfterSeconds = 15,
            Verdict = VerdictOf(all),
            Totals = new FleetTotals(
                all.Length,
                all.Count(app => app.Color is HealthColor.Green or HealthColor.Grey),
                containers.Count,
                containers.Count(c => c is { State: "running", Color: not HealthColor.Red }),
                containers.Sum(c => c.CpuCores ?? 0),
                containers.Sum(c => c.MemoryBytes ?? 0),
                AppsDown: all.Count(app => app.Color == HealthColor.Red),
                AppsStruggling: all.Count(app => app.Color == HealthColor.Amber)
            ),
            Apps = all,
            Actions = RealActions.List.Descriptions,
            Networks = [],
            Warnings = [],
        };
    }

    public static AppSnapshot App(string name, params ImmutableArray<ContainerSnapshot> containers) =>
        new()
        {
            Name = name,
            Title = name,
            Origin = AppOrigin.Compose,
            Color = containers.IsEmpty ? HealthColor.Grey : containers.Max(c => c.Color),
            CpuCores = containers.Any(c => c.CpuCores is not null) ? containers.Sum(c => c.CpuCores ?? 0) : null,
            MemoryBytes = containers.Any(c => c.MemoryBytes is not null) ? containers.Sum(c => c.MemoryBytes ?? 0) : null,
            Reasons = [.. containers.SelectMany(c => c.Reasons).OrderByDescending(reason => reason.Color)],
            Containers = [.. containers.OrderByDescending(c => c.Color).ThenBy(c => c.Name, StringComparer.Ordinal)],
            Ports = [],
            Networks = [],
            Databases = [],
        };

    /// <summary>The id of the container with this name.</summary>
    public static string IdOf(string name) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)));

    public static ContainerSnapshot Container(
        string app,
        string service,
        HealthColor color = HealthColor.Green,
        string state = "running",
        string healthcheck = "none",
        string? code = null,
        string? why = null
    )
    {
        var name = $"{app}-{service}-1";
        return new ContainerSnapshot
        {
            Id = IdOf(name),
            Name = name,
            Service = service,
            Image = $"acme/{service}:3",
            State = state,
            Healthcheck = healthcheck,
            Color = color,
            Reasons = why is null ? [] : [new HealthReason(name, code ?? ReasonCodes.Exited, why, color)],
            CpuCores = state == "running" ? 0.01 : null,
            MemoryBytes = state == "running" ? 24 * Mebi : null,
            NetworkReceiveRate = state == "running" ? 1200 : null,
            NetworkSendRate = state == "running" ? 5300 : null,
            SampledAt = state == "running" ? At : null,
            Restarts = 0,
            OomKilled = false,
            CreatedAt = At.AddDays(-9),
            StartedAt = At.AddDays(-3),
            FinishedAt = state is "exited" or "dead" ? At.AddMinutes(-8) : null,
            NetworkMode = $"{app}_default",
            Protected = false,
            Actions = [],
        };
    }

    public static ContainerSnapshot Database(string app, string kind = "postgresql") =>
        Container(app, "db", healthcheck: "healthy") with
        {
            Image = "postgres:16",
            Database = kind,
            Protected = true,
            ProtectedReason = "it is a database (image postgres)",
        };

    private static AppSnapshot Healthy(string name, int number, double load)
    {
        ImmutableArray<ContainerSnapshot> containers =
        [
            .. new[] { Container(name, "web", healthcheck: "healthy"), Container(name, "worker"), Database(name) }
                .Concat(
                    number % 2 == 0
                        ?
                        [
                            Container(name, "cache") with
                            {
                                Image = "redis:7",
                                Database = "redis",
                                Protected = true,
                                ProtectedReason = "it is a database (image redis)",
                            },
                        ]
                        : Array.Empty<ContainerSnapshot>()
                )
                .Concat(number <= 3 ? [Container(name, "cron")] : Array.Empty<ContainerSnapshot>())
                .Concat(number == 1 ? [Container(name, "mailer")] : Array.Empty<ContainerSnapshot>())
                .Select(
                    (c, i) =>
                        c with
                        {
                            CpuCores = 0.013 * number * load / (i + 1),
                            MemoryBytes = (long)((12 + 7 * number + 5 * i) * Mebi * load),
                        }
                ),
        ];
        return Placed(App(name, containers), number) with { CpuTrend = Wave(number, load) };
    }

    private static AppSnapshot Trouble() =>
        App(
            "trouble",
            Container(
                "trouble",
                "crashloop",
                HealthColor.Red,
                "restarting",
                code: ReasonCodes.RestartLoop,
                why: "restarting: exit 3, 14 times in 6 min"
            ) with
            {
                Restarts = 14,
                ExitCode = 3,
            },
            Container(
                "trouble",
                "oom",
                HealthColor.Red,
                "exited",
                code: ReasonCodes.OutOfMemory,
                why: "killed out of memory at its 16 MiB limit, 8 min ago"
            ) with
            {
                ExitCode = 137,
                OomKilled = true,
                MemoryLimitBytes = 16 * Mebi,
            },
            Container(
                "trouble",
                "unhealthy",
                HealthColor.Red,
                healthcheck: "unhealthy",
                code: ReasonCodes.Unhealthy,
                why: "healthcheck failing, 31 in a row"
            ),
            Container("trouble", "hot", HealthColor.Amber, code: ReasonCodes.CpuHigh, why: "at its CPU limit for 5 min") with
            {
                CpuCores = 0.1,
                CpuLimitCores = 0.1,
            },
            Container("trouble", "paused", HealthColor.Amber, "paused", code: ReasonCodes.Paused, why: "paused") with
            {
                MemoryBytes = 600 * 1024,
            },
            Container("trouble", "slow", HealthColor.Amber, code: ReasonCodes.FiguresOverdue, why: "stats overdue") with
            {
                SampledAt = At.AddSeconds(-42),
                Overdue = true,
            },
            Container("trouble", "web", healthcheck: "healthy"),
            Database("trouble")
        ) with
        {
            CpuTrend = Wave(6, 1),
            Networks = [new AppNetwork("trouble_default", "bridge", ["172.31.41.0/24"])],
        };

    private static AppSnapshot Billing() =>
        Placed(
            App(
                "billing",
                Container(
                    "billing",
                    "web",
                    HealthColor.Amber,
                    healthcheck: "healthy",
                    code: ReasonCodes.MemoryHigh,
                    why: "memory at 93 % of its limit for 4 min"
                ) with
                {
                    CpuCores = 0.5,
                    MemoryBytes = 59 * Mebi,
                    MemoryLimitBytes = 64 * Mebi,
                },
                Container("billing", "worker") with
                {
                    CpuCores = 0.17,
                    MemoryBytes = 20 * Mebi,
                    MemoryLimitBytes = 32 * Mebi,
                },
                Database("billing") with
                {
                    MemoryLimitBytes = 128 * Mebi,
                }
            ),
            8
        ) with
        {
            Title = "Billing",
            MemoryLimitBytes = 224 * Mebi,
            CpuTrend = Wave(8, 1),
        };

    private static AppSnapshot Legacy() =>
        Placed(
            App(
                "legacy",
                Container("legacy", "web"),
                Container("legacy", "migrate", HealthColor.Grey, "exited", code: ReasonCodes.Finished) with
                {
                    ExitCode = 0,
                },
                Database("legacy", "mariadb") with
                {
                    Image = "mariadb:11",
                }
            ),
            40
        ) with
        {
            Origin = AppOrigin.Prefix,
            CpuTrend = Wave(1, 1),
        };

    private static AppSnapshot Placed(AppSnapshot app, int number) =>
        app with
        {
            Ports =
            [
                new("0.0.0.0", 18000 + number * 10, "tcp", $"{app.Name}-web-1", 80, false),
                new("127.0.0.1", 18001 + number * 10, "tcp", $"{app.Name}-db-1", 5432, false),
            ],
            Networks = [new AppNetwork($"{app.Name}_default", "bridge", [$"172.31.{number}.0/24"])],
            Databases = [new DatabaseSnapshot($"{app.Name}-db-1", "postgresql", app.Name, (80 + number * 3) * 100_000, At, null)],
        };

    // All times of an app shifted together, so that the fleet is current.
    private static AppSnapshot Moved(AppSnapshot app, TimeSpan by) =>
        app with
        {
            Containers =
            [
                .. app.Containers.Select(c =>
                    c with
                    {
                        SampledAt = c.SampledAt + by,
                        CreatedAt = c.CreatedAt + by,
                        StartedAt = c.StartedAt + by,
                        FinishedAt = c.FinishedAt + by,
                    }
                ),
            ],
        };

    private static Trend Wave(int seed, double load) =>
        new(
            60,
            [
                .. Enumerable
                    .Range(0, 60)
                    .Select(i =>
                        (float?)(
                            load
                            * seed
                            * 0.02
                            * (1.1 + 0.25 * Math.Sin(i * 0.31 + seed) + 0.18 * Math.Sin(i * 0.93 + seed * 2) + 0.1 * Math.Sin(i * 2.1))
                        )
                    ),
            ]
        );

    private static Verdict VerdictOf(ImmutableArray<AppSnapshot> apps)
    {
        var (red, amber) = (apps.Count(app => app.Color == HealthColor.Red), apps.Count(app => app.Color == HealthColor.Amber));
        var text = (red, amber) switch
        {
            (0, 0) => "All green",
            (0, _) => amber == 1 ? "1 app is struggling" : $"{amber} apps are struggling",
            (_, 0) => red == 1 ? "1 app is down" : $"{red} apps are down",
            _ => $"{red} {(red == 1 ? "app is" : "apps are")} down, {amber} {(amber == 1 ? "is" : "are")} struggling",
        };
        var causes = apps.Where(app => app.Color > HealthColor.Green)
            .Select(app => new VerdictCause(
                app.Name,
                app.Color,
                string.Join(
                    ", ",
                    app.Reasons.Take(3).Select(reason => $"{app.Containers.First(c => c.Name == reason.Container).Service} {reason.Text}")
                )
            ));
        return new Verdict(
            red > 0 ? HealthColor.Red
                : amber > 0 ? HealthColor.Amber
                : apps.IsEmpty ? HealthColor.Grey
                : HealthColor.Green,
            text,
            [.. causes]
        );
    }
}
