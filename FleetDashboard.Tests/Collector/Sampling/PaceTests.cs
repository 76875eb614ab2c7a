using FleetDashboard.Collector.Sampling;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FleetDashboard.Tests.Collector.Sampling;

/// <summary>
/// While the dashboard is not viewed, the engine is not asked for stats. The first viewer gets stats at once, and no stats count as
/// overdue.
/// </summary>
public sealed class PaceTests
{
    private static readonly string[] Settings =
    [
        "--Sampling:Interval=00:00:01",
        "--Sampling:IdleInterval=00:15:00",
        "--Sampling:IdleAfter=00:00:01",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sampler_WithoutViewers_AsksNothingUntilTheFirstViewerArrives()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await CollectorHost.StartAsync(demo.Endpoint, Token, Settings);
        await collector.UntilAsync(fleet => fleet.Totals.CpuCores > 0, Token);
        var store = collector.Services.GetRequiredService<SnapshotStore>();
        await UntilIdleAsync(store);

        var before = collector.EngineCalls;
        await ListenAsync(store, TimeSpan.FromSeconds(4));
        var after = collector.EngineCalls;

        // At the pace for viewers there would have been four rounds.
        Assert.Equal(before["stats"], after["stats"]);
        var (old, idle) = (Sampled(store.Current!.Snapshot), store.Current.Snapshot.IntervalSeconds);
        Assert.Equal(900, idle);

        // Without a viewer the next round would come in 15 minutes.
        var woken = await collector.UntilAsync(fleet => Sampled(fleet) > old, Token, TimeSpan.FromSeconds(30));

        Assert.Equal(1, woken.IntervalSeconds);
        Assert.DoesNotContain(woken.Apps.SelectMany(app => app.Reasons), reason => reason.Code == ReasonCodes.FiguresOverdue);
        Assert.NotNull(woken.Totals.CpuCores);
    }

    [Theory]
    [InlineData(CollectorRoutes.Metrics)]
    [InlineData(CollectorRoutes.CadvisorMetrics)]
    [InlineData(CollectorRoutes.Fleet)]
    [InlineData("/api/v1/apps/wiki")]
    public async Task Sampler_AfterARequest_ReadsAtOnce(string route)
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await CollectorHost.StartAsync(demo.Endpoint, Token, Settings);
        await collector.UntilAsync(fleet => fleet.Totals.CpuCores > 0, Token);
        var store = collector.Services.GetRequiredService<SnapshotStore>();
        await UntilIdleAsync(store);
        var old = Sampled(store.Current!.Snapshot);

        collector.Http.DefaultRequestHeaders.Authorization = new("Bearer", CollectorHost.Token());
        using var answer = await collector.Http.GetAsync(new Uri(route, UriKind.Relative), Token);

        answer.EnsureSuccessStatusCode();
        await foreach (var snapshot in store.WatchAsync(TimeSpan.FromSeconds(30), Token))
        {
            Assert.NotNull(snapshot);
            if (Sampled(snapshot.Snapshot) > old)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task Stream_WithoutViewers_DoesNotCountAsViewedAndStillSendsEveryChange()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await CollectorHost.StartAsync(demo.Endpoint, Token, Settings);
        await collector.UntilAsync(fleet => fleet.Totals.CpuCores > 0, Token);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var received = 0;
        var red = new TaskCompletionSource();
        var reading = Task.Run(
            async () =>
            {
                await foreach (var fleet in collector.WatchAsync(leaving.Token, $"?{CollectorRoutes.WatchingParameter}=false"))
                {
                    received++;
                    if (fleet.Apps.SelectMany(app => app.Containers).Single(one => one.Name == "wiki-web-1").Color == HealthColor.Red)
                    {
                        red.TrySetResult();
                    }
                }
            },
            Token
        );
        await UntilIdleAsync(collector.Services.GetRequiredService<SnapshotStore>());
        await Eventually.GetAsync(_ => Task.FromResult(received), count => count > 0);

        demo.Kill("wiki-web-1");
        await red.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.False(collector.Services.GetRequiredService<ViewerPresence>().IsViewed);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public void Presence_LastsUntilIdleAfterTheLastStreamEnds()
    {
        var time = new FakeTimeProvider();
        var viewers = new ViewerPresence(Options.Create(new SamplingOptions { IdleAfter = TimeSpan.FromMinutes(2) }), time);
        time.Advance(TimeSpan.FromMinutes(3));
        Assert.False(viewers.IsViewed);

        var (one, other) = (viewers.Enter(), viewers.Enter());
        one.Dispose();
        one.Dispose();
        time.Advance(TimeSpan.FromHours(1));
        Assert.True(viewers.IsViewed);

        other.Dispose();
        Assert.True(viewers.IsViewed);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.False(viewers.IsViewed);
    }

    [Fact]
    public void OverdueAge_AfterASwitchToTheFasterPace_StaysUntilThreeFastReadingsCouldArrive()
    {
        var policy = new OverduePolicy(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
        Assert.Equal(20, policy.At(Facts.Now).TotalSeconds);

        policy.SetPace(TimeSpan.FromSeconds(30), Facts.Now);
        Assert.Equal(95, policy.At(Facts.Now).TotalSeconds);

        policy.SetPace(TimeSpan.FromSeconds(5), Facts.Now);
        Assert.Equal((95, 20), (policy.At(Facts.Now.AddSeconds(19)).TotalSeconds, policy.At(Facts.Now.AddSeconds(20)).TotalSeconds));
    }

    private static DateTimeOffset? Sampled(FleetSnapshot fleet) =>
        fleet.Apps.SelectMany(app => app.Containers).Single(container => container.Name == "wiki-db-1").SampledAt;

    // Reads the store directly: a request to the Collector would count as a viewer.
    private static async Task UntilIdleAsync(SnapshotStore store)
    {
        await foreach (var snapshot in store.WatchAsync(TimeSpan.FromSeconds(60), Token))
        {
            Assert.NotNull(snapshot);
            if (snapshot.Snapshot.IntervalSeconds > 1)
            {
                return;
            }
        }
    }

    private static async Task ListenAsync(SnapshotStore store, TimeSpan length)
    {
        var began = TimeProvider.System.GetTimestamp();
        await foreach (var _ in store.WatchAsync(TimeSpan.FromSeconds(1), Token))
        {
            if (TimeProvider.System.GetElapsedTime(began) > length)
            {
                return;
            }
        }
    }
}
