using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Databases;

/// <summary>Database sizes from the engine to the snapshot and the metrics, with the invented fleet.</summary>
public sealed class DatabaseMeterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sizes_OfTheWholeFleet_AreInTheSnapshotTheTotalsAndTheMetrics()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await CollectorHost.StartAsync(demo.Endpoint, Token, "--Databases:Interval=00:00:01");

        var fleet = await collector.UntilAsync(
            fleet => Running(fleet).All(name => Rows(fleet).Any(row => row.Container == name && row.Bytes > 0)),
            Token
        );

        Assert.True(Running(fleet).Count > 10);
        Assert.Superset(new HashSet<string> { "postgresql", "redis" }, Rows(fleet).Select(row => row.Kind).ToHashSet());
        Assert.All(
            Rows(fleet),
            row => Assert.True(row.Error is not null || row is { Bytes: > 0, GrowthBytes: null, MeasuredAt: not null })
        );
        Assert.Equal(
            (Rows(fleet).Sum(row => row.Bytes), Rows(fleet).Count(row => row.Bytes is not null)),
            (fleet.Totals.DatabaseBytes, fleet.Totals.Databases)
        );
        var metrics = await collector.Http.GetStringAsync(new Uri(CollectorRoutes.Metrics, UriKind.Relative), Token);
        var row = Rows(fleet).First(row => row.Kind == "postgresql" && row.Error is null);
        Assert.Contains($"container=\"{row.Container}\",database=\"{row.Name}\",kind=\"postgresql\"}}", metrics, StringComparison.Ordinal);
        Assert.Contains("# TYPE fleet_database_size_bytes gauge", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engine_ThatHangsOnOneContainer_DelaysNothingElse()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await CollectorHost.StartAsync(
            demo.Endpoint,
            Token,
            "--Databases:Interval=00:00:01",
            "--Databases:Deadline=00:00:03",
            "--Sampling:Interval=00:00:01"
        );
        await collector.UntilAsync(fleet => Rows(fleet).Any(row => row.Bytes > 0), Token);
        demo.Faults.Set(new() { Hang = ["/exec/*/start"] });

        var first = await collector.UntilAsync(fleet => Rows(fleet).Any(row => row.Error == "no answer within 3 s"), Token);
        var rows = Rows(first).Where(row => row.Error == "no answer within 3 s" && row.Bytes is not null).ToList();
        var begun = TimeProvider.System.GetTimestamp();
        await collector.UntilAsync(fleet => fleet.Sequence >= first.Sequence + 4, Token, TimeSpan.FromSeconds(15));

        Assert.False((await collector.FleetAsync(Token)).Stale);
        Assert.All(rows, row => Assert.NotNull(row.MeasuredAt));
        Assert.InRange(TimeProvider.System.GetElapsedTime(begun), TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Disabled_NothingIsEverRunInAContainer()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await CollectorHost.StartAsync(
            demo.Endpoint,
            Token,
            "--Databases:Enabled=false",
            "--Databases:Interval=00:00:01",
            "--Sampling:Interval=00:00:01"
        );

        var first = await collector.UntilAsync(fleet => fleet.Totals.CpuCores > 0, Token);
        var later = await collector.UntilAsync(fleet => fleet.Sequence >= first.Sequence + 3, Token);

        Assert.False(collector.EngineCalls.ContainsKey("exec"));
        Assert.DoesNotContain(Rows(later), row => row.Bytes is not null);
    }

    private static List<DatabaseSnapshot> Rows(FleetSnapshot fleet) => [.. fleet.Apps.SelectMany(app => app.Databases)];

    private static List<string> Running(FleetSnapshot fleet) =>
        [
            .. fleet
                .Apps.SelectMany(app => app.Containers)
                .Where(container => container is { State: "running", Database: not null })
                .Select(container => container.Name),
        ];
}
