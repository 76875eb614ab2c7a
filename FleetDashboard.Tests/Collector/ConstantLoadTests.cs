using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector;

/// <summary>The load on the engine depends on the fleet, and not on the number of viewers.</summary>
public sealed class ConstantLoadTests
{
    private const int Rounds = 4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    public async Task EngineCalls_AnyNumberOfViewers_AreTheSame(int viewers)
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await CollectorHost.StartAsync(demo.Endpoint, Token, "--Sampling:Interval=00:00:01");
        await collector.UntilAsync(fleet => fleet.Totals.CpuCores > 0, Token);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var watching = Enumerable.Range(0, viewers).Select(_ => WatchAsync(collector, leaving.Token)).ToList();

        // The time of a container's last sample separates the rounds. Polling a route would itself count as a viewer.
        var (first, before) = await RoundAsync(collector, after: null);
        var last = first;
        for (var round = 0; round < Rounds; round++)
        {
            (last, _) = await RoundAsync(collector, last);
        }

        var after = collector.EngineCalls;
        await leaving.CancelAsync();
        await Task.WhenAll(watching);

        // Inspections follow the fleet's events (its crash loop), and database measurements an interval of minutes. Everything else follows
        // the stats.
        var asked = after
            .Where(call => call.Key is not ("inspect" or "exec"))
            .ToDictionary(call => call.Key, call => call.Value - before.GetValueOrDefault(call.Key));
        var running = (await collector.FleetAsync(Token))
            .Apps.SelectMany(app => app.Containers)
            .Count(container => container.State == "running");
        Assert.Equal(0, asked.Where(call => call.Key != "stats").Sum(call => call.Value));

        // A slow machine misses rounds, so more calls than counted rounds are allowed. An interval is a second.
        var passed = Math.Max(Rounds, (int)(last - first)!.Value.TotalSeconds + 1);
        Assert.InRange(asked["stats"], (Rounds - 1) * (running - 2), (passed + 1) * (running + 2));
    }

    [Fact]
    public async Task Subscribers_ThatLeft_AreRemoved()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await CollectorHost.StartAsync(demo.Endpoint, Token, "--Sampling:Interval=00:00:01");
        var store = (FleetDashboard.Collector.Snapshots.SnapshotStore)
            collector.Services.GetService(typeof(FleetDashboard.Collector.Snapshots.SnapshotStore))!;
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var watching = Enumerable.Range(0, 20).Select(_ => WatchAsync(collector, leaving.Token)).ToList();
        await Eventually.GetAsync(_ => Task.FromResult(store.SubscriberCount), count => count == 20);

        await leaving.CancelAsync();
        await Task.WhenAll(watching);

        await Eventually.GetAsync(_ => Task.FromResult(store.SubscriberCount), count => count == 0);
    }

    private static async Task<(DateTimeOffset? SampledAt, IReadOnlyDictionary<string, long> Calls)> RoundAsync(
        CollectorHost collector,
        DateTimeOffset? after
    )
    {
        var fleet = await collector.UntilAsync(fleet => Sampled(fleet) is { } at && at != after, Token);
        return (Sampled(fleet), collector.EngineCalls);
    }

    private static DateTimeOffset? Sampled(FleetSnapshot fleet) =>
        fleet.Apps.SelectMany(app => app.Containers).Single(container => container.Name == "wiki-db-1").SampledAt;

    private static async Task WatchAsync(CollectorHost collector, CancellationToken token)
    {
        try
        {
            await foreach (var _ in collector.WatchAsync(token))
            {
                // A viewer only reads.
            }
        }
        catch (OperationCanceledException)
        {
            // The viewer left.
        }
    }
}
