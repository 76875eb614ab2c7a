using System.Net;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector;

/// <summary>Whatever happens to the engine, the snapshot shows the last state and since when it is stale.</summary>
public sealed class NeverLiesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Engine_IsStopped_SnapshotIsStaleWithTheLastStateAndRecoversByItself()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await CollectorHost.StartAsync(demo.Endpoint, Token, "--Sampling:Interval=00:00:01");
        var before = await collector.UntilAsync(fleet => !fleet.Stale && fleet.Totals.CpuCores > 0, Token);

        await demo.StopServerAsync();
        var stale = await collector.UntilAsync(fleet => fleet.Stale, Token);

        Assert.Equal(HealthColor.Grey, stale.Verdict.Color);
        Assert.InRange(stale.StaleSince!.Value, before.TakenAt, TimeProvider.System.GetUtcNow());
        Assert.Equal(Names(before), Names(stale));
        Assert.NotNull(stale.StaleReason);

        await demo.StartServerAsync(Token);
        var after = await collector.UntilAsync(fleet => !fleet.Stale, Token);

        Assert.Null(after.StaleSince);
        Assert.Equal(Names(before), Names(after));
        Assert.True(after.TakenAt > stale.TakenAt);
    }

    [Fact]
    public async Task Engine_Hangs_SnapshotIsStale()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await CollectorHost.StartAsync(demo.Endpoint, Token, "--Sampling:Interval=00:00:01");
        await collector.UntilAsync(fleet => fleet.Totals.CpuCores > 0, Token);

        demo.Faults.Set(new() { Hang = ["*"] });
        var stale = await collector.UntilAsync(fleet => fleet.Stale, Token);
        Assert.Contains("did not answer", stale.StaleReason, StringComparison.Ordinal);

        demo.Faults.Set(new());
        demo.Faults.CutStreams();
        await collector.UntilAsync(fleet => !fleet.Stale, Token);
    }

    [Fact]
    public async Task Engine_WasNeverReachable_SnapshotSaysSoAndWhatToCheck()
    {
        await using var collector = await CollectorHost.StartAsync(new Uri("unix:///nowhere/docker.sock"), Token);

        var fleet = await collector.UntilAsync(fleet => fleet.Stale, Token);

        Assert.Equal(HealthColor.Grey, fleet.Verdict.Color);
        Assert.Contains("unix:///nowhere/docker.sock does not exist", fleet.StaleReason, StringComparison.Ordinal);
        Assert.Empty(fleet.Apps);
        Assert.Equal(
            HttpStatusCode.OK,
            (await collector.Http.GetAsync(new Uri(CollectorRoutes.Health, UriKind.Relative), Token)).StatusCode
        );
    }

    [Fact]
    public async Task EventStream_WasCut_TheNextEventStillArrives()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await CollectorHost.StartAsync(demo.Endpoint, Token, "--Sampling:Interval=00:00:01");
        await collector.UntilAsync(fleet => Find(fleet, "wiki-web-1").Color == HealthColor.Green, Token);

        demo.Faults.CutStreams();
        demo.Kill("wiki-web-1");

        await collector.UntilAsync(fleet => !fleet.Stale && Find(fleet, "wiki-web-1").Color == HealthColor.Red, Token);
    }

    [Fact]
    public async Task OneContainer_CannotBeInspected_OnlyItIsAffected()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        var victim = demo.Container("wiki-web-1").Plan.Id;
        demo.Faults.Set(new() { Fail = [$"*/containers/{victim}/stats"] });
        await using var collector = await CollectorHost.StartAsync(demo.Endpoint, Token, "--Sampling:Interval=00:00:01");

        var fleet = await collector.UntilAsync(fleet => Find(fleet, "wiki-web-1").Color == HealthColor.Amber, Token);

        Assert.Equal(ReasonCodes.FiguresOverdue, Assert.Single(Find(fleet, "wiki-web-1").Reasons).Code);
        Assert.True(Find(fleet, "wiki-web-1").Overdue);
        Assert.Null(Find(fleet, "wiki-web-1").CpuCores);
        Assert.NotNull(Find(fleet, "wiki-db-1").CpuCores);
        Assert.False(fleet.Stale);
    }

    [Fact]
    public async Task Demo_IsLabelledAsDemo()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await CollectorHost.StartAsync(demo.Endpoint, Token);

        var fleet = await collector.UntilAsync(fleet => !fleet.Stale, Token);

        Assert.True(fleet.Host.Demo);
        Assert.Equal((60, 15), (fleet.Totals.Containers, fleet.Totals.Apps));
    }

    private static IEnumerable<string> Names(FleetSnapshot fleet) =>
        fleet.Apps.SelectMany(app => app.Containers).Select(container => container.Name).Order();

    private static ContainerSnapshot Find(FleetSnapshot fleet, string name) =>
        fleet.Apps.SelectMany(app => app.Containers).Single(container => container.Name == name);
}
