using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FleetDashboard.Tests.Collector;

/// <summary>
/// No text or value of a container, its image or its database client stops the dashboard: snapshots continue, and jobs end.
/// </summary>
public sealed class HostileContainerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775806")]
    [InlineData("18446744073709551615")]
    [InlineData("1125899906842625")]
    [InlineData("99999999999999999999999999999999999999")]
    public async Task Sizes_TooLargeToBeTrue_TheSnapshotGoesOnAndTheCardSaysWhy(string size)
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var door = await EngineProxy.OpenAsync(demo.Endpoint);
        var output = $"used_memory:{size}\n{size} first\n{size} second\n";
        door.Instead = request =>
            request.Path.Value switch
            {
                { } path when path.EndsWith("/start", StringComparison.Ordinal) && path.Contains("/exec/", StringComparison.Ordinal) =>
                    new ProxyResponse(200, $"\u0001\0\0\0\0\0\0{(char)output.Length}{output}", "application/octet-stream"),
                { } path when path.Contains("/exec/", StringComparison.Ordinal) => new ProxyResponse(
                    200,
                    """{"Running":false,"ExitCode":0}""",
                    "application/json"
                ),
                _ => null,
            };
        await using var collector = await CollectorHost.StartAsync(
            door.Endpoint,
            Token,
            "--Sampling:Interval=00:00:01",
            "--Sampling:Source=socket"
        );

        var told = await collector.UntilAsync(
            fleet => fleet.Apps.SelectMany(app => app.Databases).Count(database => database.Error == "its size is not believable") > 2,
            Token
        );
        var later = await collector.UntilAsync(fleet => fleet.Sequence > told.Sequence + 3, Token);

        Assert.False(later.Stale, later.StaleReason);
        Assert.Null(later.Totals.DatabaseBytes);
        Assert.DoesNotContain(later.Apps, app => app.DatabaseBytes is not null);
    }

    [Fact]
    public void Sums_OfSizes_StayAtTheEndOfTheRange()
    {
        Assert.Equal(long.MaxValue, FleetDashboard.Collector.Sampling.KnownSum.OfBytes([long.MaxValue, 1L], size => (long?)size));
        Assert.Equal(long.MinValue, FleetDashboard.Collector.Sampling.KnownSum.OfBytes([long.MinValue, -1L], size => (long?)size));
        Assert.Null(FleetDashboard.Collector.Sampling.KnownSum.OfBytes([(long?)null], size => size));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(2_000 * 3_600)]
    [InlineData(922_337_203_685)]
    public void Deadline_OfAnAction_IsBounded(double seconds)
    {
        var deadline = JobRunner.Deadline(
            new SlowAction(TimeSpan.FromSeconds(seconds)),
            new ActionTarget(Facts.Container("web"), "web", new GuardRuling(null, [], []))
        );

        Assert.InRange(deadline, TimeSpan.FromSeconds(1), JobRunner.LongestDeadline);
    }

    [Fact]
    public async Task Health_WithoutANewSnapshot_FailsAfterThreeIntervals()
    {
        var time = new FakeTimeProvider();
        var store = new SnapshotStore(time);
        var check = new SnapshotHealthCheck(store);
        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync());

        store.Publish(Snapshots.Create([], 1, time.GetUtcNow()) with { IntervalSeconds = 10 }, new ScrapeState(null, []));
        Assert.Equal(HealthStatus.Healthy, await StatusAsync());

        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(HealthStatus.Healthy, await StatusAsync());

        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync());

        async Task<HealthStatus> StatusAsync() => (await check.CheckHealthAsync(new HealthCheckContext(), Token)).Status;
    }

    [Fact]
    public void Stale_IsPublishedWhereNoSnapshotCanBeMade_WithTheLastState()
    {
        var store = new SnapshotStore(new FakeTimeProvider());
        store.PublishStale(1, Facts.Now, "nothing yet");
        Assert.Null(store.Current);

        store.Publish(
            Snapshots.Create([Snapshots.App("shop", Snapshots.Container("shop", "web"))], 1, Facts.Now),
            new ScrapeState(null, [])
        );
        store.PublishStale(2, Facts.Now, "The Collector could not compute the fleet's state.");

        var stale = store.Current!.Snapshot;
        Assert.Equal((2, true, Facts.Now), (stale.Sequence, stale.Stale, stale.StaleSince));
        Assert.Equal(HealthColor.Grey, stale.Verdict.Color);
        Assert.Single(stale.Apps);
    }

    private sealed class SlowAction(TimeSpan deadline) : IFleetAction
    {
        public ActionDescription Description { get; } = new("slow", "Slow", "", "", "", null, false);

        public Refusal? Prevents(GuardCase container) => null;

        public bool IsHarmless => false;

        public TimeSpan DeadlineFor(ActionTarget target) => deadline;

        public Task<ActionResult> RunAsync(ActionTarget target, IJobProgress progress, CancellationToken cancellationToken) =>
            Task.FromResult(new ActionResult(Succeeded: true, "done"));
    }
}
