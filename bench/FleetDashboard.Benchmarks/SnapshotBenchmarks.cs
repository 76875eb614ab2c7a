using System.Collections.Immutable;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Contracts;

namespace FleetDashboard.Benchmarks;

/// <summary>The cost of a refresh after the stats are read: applying them, the snapshot, its JSON.</summary>
[MemoryDiagnoser]
public class SnapshotBenchmarks
{
    private const int ContainersOfAnApp = 4;

    private static readonly DateTimeOffset Start = new(2026, 11, 23, 3, 0, 0, TimeSpan.Zero);

    private readonly StatsHistory _history = new();
    private readonly DatabaseSizes _databases = new();
    private Inventory _inventory = null!;
    private ImmutableArray<ActionTarget> _targets;
    private FleetSnapshot _snapshot = null!;
    private int _round;

    [Params(60, 1000)]
    public int Containers { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _inventory = new Inventory(_history, _databases, new ChangeHistory(TimeProvider.System));
        for (var number = 0; number < Containers; number++)
        {
            _inventory.Put(Facts(number), Start);
        }

        _targets =
        [
            .. _inventory.Containers.Select(container => new ActionTarget(
                container.Facts,
                _inventory.Apps[container.Facts.Id].Name,
                new GuardRuling(null, [], [])
            )),
        ];
        for (var round = 0; round < 100; round++)
        {
            Sample();
        }

        _snapshot = Assemble();
    }

    [Benchmark(Description = "apply the stats")]
    public void Sample()
    {
        _round++;
        _inventory.Sample(
            [
                .. _inventory.Containers.Select(container =>
                    (
                        container.Facts.Id,
                        new RawStats
                        {
                            ReadAt = Start.AddSeconds(5 * _round),
                            CpuNanoseconds = (ulong)_round * 100_000_000,
                            MemoryBytes = 100_000_000 + _round,
                            ReceivedBytes = 5,
                            SentBytes = 6,
                        }
                    )
                ),
            ],
            TimeSpan.FromSeconds(5)
        );
    }

    [Benchmark(Description = "assemble the snapshot")]
    public FleetSnapshot Assemble() =>
        new SnapshotAssembler(_history, _databases).Assemble(
            _inventory,
            _targets,
            new SnapshotMoment(
                1,
                Start.AddSeconds(5 * _round),
                Start.AddSeconds(5 * _round),
                TimeSpan.FromSeconds(5),
                TimeSpan.FromSeconds(20),
                null,
                null,
                []
            )
        );

    [Benchmark(Description = "write its JSON")]
    public int Serialise() => JsonSerializer.SerializeToUtf8Bytes(_snapshot, ContractsJson.Default.FleetSnapshot).Length;

    private static ContainerFacts Facts(int number)
    {
        var app = $"app-{number / ContainersOfAnApp}";
        return new ContainerFacts
        {
            Id = $"{number:x64}",
            Name = $"{app}-service-{number % ContainersOfAnApp}-1",
            Image = "acme/web:3",
            Labels = new Dictionary<string, string>
            {
                ["com.docker.compose.project"] = app,
                ["com.docker.compose.service"] = $"service-{number % ContainersOfAnApp}",
            }.ToImmutableDictionary(),
            State = "running",
            Healthcheck = "none",
            RestartPolicy = "always",
            NetworkMode = app,
            CreatedAt = Start,
            StartedAt = Start,
        };
    }
}
