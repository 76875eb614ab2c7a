using FleetDashboard.Contracts;

namespace FleetDashboard.Tests.Support;

/// <summary>
/// A fleet with texts of the maximum length, many of everything, red apps and missing values, to test the layout of pages.
/// </summary>
internal static class CrowdedFleet
{
    public const string LongApp = "an_app_whose_name_is_as_long_as_somebody_could_make_it_without_a_single_hyphen_to_break_it_at";
    public const string HostName = "a-host-with-a-fully-qualified-name-that-is-long.rack-17.data-centre.example.org";
    public const string SickApp = "warehouse";
    private const string LongText =
        "healthcheck failing, 31 in a row: curl: (7) Failed to connect to a-service-with-a-long-name.internal.example.org port 8443 "
        + "after 0 ms: Connection_refused_without_any_space_in_the_rest_of_this_sentence_that_goes_on";

    public static FleetSnapshot Create(DateTimeOffset at, long sequence = 1)
    {
        var places = PlaceFleets.Fleet(sequence, at);
        var apps = places.Apps.Append(Long()).Append(Sick()).Append(Snapshots.App("nothing-known", Bare())).ToList();
        var snapshot = Snapshots.Create(apps, sequence, at);
        return snapshot with
        {
            Host = snapshot.Host with { Name = HostName, EngineId = "engine-of-the-crowd", Figures = StatsSources.Mixed },
            Networks = [.. places.Networks, .. Networks()],
            Warnings = [$"fleet.yaml, line 12: unknown key 'onwer' in {LongApp}; the last good version stays in force."],
        };
    }

    private static AppSnapshot Long()
    {
        var services = new[] { "web", "a-service-with-a-name-that-is-nearly-as-long-as-that-of-its-app-and-then-some", "worker" };
        var containers = services.Select(service =>
            Snapshots.Container(LongApp, service) with
            {
                Image = $"registry.with-a-long-name.example.org:5000/team/{LongApp}/{service}:2026.11.28-rc.1@sha256:{new string('b', 64)}",
                CpuCores = 63.99,
                MemoryBytes = 1_099_511_627_776,
                NetworkReceiveRate = 98_765_432_109,
                NetworkSendRate = 98_765_432_109,
                BlockReadRate = 1e12,
                BlockWriteRate = 1e12,
                Restarts = 123_456,
                UpdateAvailable = true,
                Actions = [ActionNames.Restart, ActionNames.Pull, ActionNames.Update, ActionNames.Rebuild],
            }
        );
        var app = Snapshots.App(LongApp, [.. containers]);
        var owner = app.Containers[0].Name;
        return app with
        {
            Owner = "the-team-that-looks-after-everything-which-nobody-else-wants-to-look-after",
            Link = $"https://{new string('a', 60)}.example.org/{new string('b', 120)}",
            Ports =
            [
                .. Enumerable
                    .Range(0, 180)
                    .Select(i => new PortSnapshot(
                        i % 3 == 0 ? "fd00:1234:5678:9abc:def0:1234:5678:9abc" : "0.0.0.0",
                        20_000 + (i * 2),
                        i % 2 == 0 ? "tcp" : "udp",
                        owner,
                        8_000 + i,
                        false
                    )),
            ],
            ExpectedPorts =
            [
                .. Enumerable
                    .Range(0, 4)
                    .Select(i => new ExpectedPortSnapshot(
                        "0.0.0.0",
                        31_000 + i,
                        "tcp",
                        false,
                        "nobody has it open",
                        "nobody has it open",
                        12 + i
                    )),
            ],
            ExpectedSubnets = [new("172.31.99.0/24", null, "no network of this app has it", 14)],
            Networks =
            [
                .. Networks()
                    .Select(network => new AppNetwork(network.Name, network.Driver, [.. network.Subnets.Select(subnet => subnet.Cidr)])),
            ],
            Databases =
            [
                .. Enumerable
                    .Range(0, 9)
                    .Select(i => new DatabaseSnapshot(
                        owner,
                        "postgresql",
                        $"{LongApp}_{i}",
                        1L << (20 + i),
                        Snapshots.At,
                        i % 2 == 0 ? null : "the client was not found in the container, or did not answer within ten seconds",
                        -(1L << 29)
                    )),
                new DatabaseSnapshot(
                    owner,
                    "mongodb",
                    "",
                    null,
                    null,
                    "the client was not found in the container, or did not answer within ten seconds"
                ),
            ],
        };
    }

    private static AppSnapshot Sick() =>
        Snapshots.App(
            SickApp,
            [
                .. Enumerable
                    .Range(0, 12)
                    .Select(i =>
                        Snapshots.Container(
                            SickApp,
                            $"part-{i:00}",
                            i % 2 == 0 ? HealthColor.Red : HealthColor.Amber,
                            "exited",
                            code: ReasonCodes.Exited,
                            why: LongText
                        ) with
                        {
                            ExitCode = 137,
                            Image = $"sha256:{new string('c', 64)}",
                            Protected = i % 3 == 0,
                            ProtectedReason =
                                i % 3 == 0
                                    ? "it is a database (image registry.with-a-long-name.example.org:5000/team/postgres), and no action "
                                        + "may touch a database"
                                    : null,
                            Actions = i % 3 == 0 ? [] : [ActionNames.Restart],
                        }
                    ),
            ]
        );

    // Created and never started: no stats, no start time, no network.
    private static ContainerSnapshot Bare() =>
        Snapshots.Container("nothing-known", "bare", HealthColor.Grey, "created") with
        {
            CpuCores = null,
            MemoryBytes = null,
            NetworkReceiveRate = null,
            NetworkSendRate = null,
            SampledAt = null,
            CreatedAt = null,
            StartedAt = null,
            Image = "",
            NetworkMode = "none",
        };

    private static IEnumerable<NetworkSnapshot> Networks() =>
        Enumerable
            .Range(0, 5)
            .Select(i => new NetworkSnapshot(
                $"id-long-{i}",
                $"{LongApp}_network_{i}",
                i == 0 ? "macvlan" : "bridge",
                i % 2 == 0,
                [new($"172.30.{i}.0/24", $"172.30.{i}.1"), new($"fd00:1234:5678:{i}::/64", $"fd00:1234:5678:{i}::1")],
                [
                    .. Enumerable
                        .Range(2, 40)
                        .Select(n => new NetworkMember(
                            $"{LongApp}-{(n == 2 ? "web" : $"replica-{n}")}-1",
                            LongApp,
                            [$"172.30.{i}.{n}", $"fd00:1234:5678:{i}::{n:x}"]
                        )),
                ]
            ));
}
