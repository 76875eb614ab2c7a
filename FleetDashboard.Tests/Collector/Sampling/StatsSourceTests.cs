using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Sampling;

/// <summary>The source of stats is chosen automatically and shown. Readable files never hide a lost engine.</summary>
public sealed class StatsSourceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cgroups_OfAllContainers_TheEngineIsNotAskedForStats()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        using var folder = Tree(demo, _ => true);
        await using var collector = await StartAsync(demo, folder);

        var fleet = await collector.UntilAsync(fleet => Find(fleet, "wiki-db-1").CpuCores is not null, Token);

        Assert.Equal(StatsSources.Cgroup, fleet.Host.Figures);
        Assert.Equal((74_857_600L, 9L), (Find(fleet, "wiki-db-1").MemoryBytes, Find(fleet, "wiki-db-1").Pids));
        Assert.Empty(fleet.Warnings);

        // The demo's processes do not exist on this machine, so the engine is asked for their networks: twice at the start.
        Assert.NotNull(Find(fleet, "wiki-db-1").NetworkReceiveRate);
        var running = fleet.Apps.SelectMany(app => app.Containers).Count(container => container.State == "running");
        var asked = collector.EngineCalls["stats"];
        await collector.UntilAsync(
            later => Find(later, "wiki-db-1").SampledAt > Find(fleet, "wiki-db-1").SampledAt + TimeSpan.FromSeconds(4),
            Token
        );
        Assert.InRange(asked, 1, 2 * (running + 2));
        Assert.InRange(collector.EngineCalls["stats"] - asked, 0, 5); // Of a container that started meanwhile.
    }

    [Fact]
    public async Task Cgroups_OfSomeContainers_TheEngineIsAskedForTheRest()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        using var folder = Tree(demo, name => name.StartsWith("wiki", StringComparison.Ordinal));
        await using var collector = await StartAsync(demo, folder, "--Sampling:Source=cgroup");

        var fleet = await collector.UntilAsync(
            fleet => fleet.Host.Figures is not null && Find(fleet, "wiki-db-1").CpuCores is not null,
            Token
        );

        Assert.Equal(StatsSources.Mixed, fleet.Host.Figures);
        Assert.Equal(74_857_600L, Find(fleet, "wiki-db-1").MemoryBytes);
        Assert.All(
            fleet
                .Apps.Where(app => app.Name != "wiki")
                .SelectMany(app => app.Containers)
                .Where(container => container.State == "running" && container.SampledAt is not null),
            container => Assert.NotEqual(74_857_600L, container.MemoryBytes)
        );
        Assert.Contains("have no cgroup that can be read below", Assert.Single(fleet.Warnings), StringComparison.Ordinal);
        var scrape = await collector.Http.GetStringAsync(new Uri(CollectorRoutes.Metrics, UriKind.Relative), Token);
        var wiki = fleet.Apps.Single(app => app.Name == "wiki").Containers.Count(container => container.State == "running");
        Assert.Contains($"source=\"cgroup\"}} {wiki} ", scrape.Replace("\n", " \n", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auto", false)]
    [InlineData("socket", false)]
    [InlineData("cgroup", true)]
    public async Task Cgroups_Missing_TheEngineIsAskedAndOnlySourceCgroupWarns(string source, bool warned)
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await CollectorHost.StartAsync(
            demo.Endpoint,
            Token,
            "--Sampling:Interval=00:00:01",
            $"--Sampling:Source={source}",
            "--Sampling:CgroupRoot=/nowhere/cgroup"
        );

        var fleet = await collector.UntilAsync(fleet => fleet.Host.Figures is not null, Token);

        Assert.Equal(StatsSources.Socket, fleet.Host.Figures);
        Assert.Equal(
            warned
                ?
                [
                    "Sampling:Source is cgroup, but /nowhere/cgroup (Sampling:CgroupRoot) cannot be used: there is no such folder. The "
                        + "engine is asked for the stats.",
                ]
                : [],
            fleet.Warnings
        );
    }

    [Fact]
    public async Task Engine_IsLostOrHangs_SnapshotIsStaleThoughTheFilesCanBeRead()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        using var folder = Tree(demo, _ => true);
        await using var collector = await StartAsync(demo, folder);
        await collector.UntilAsync(fleet => Find(fleet, "wiki-db-1").CpuCores is not null, Token);

        demo.Faults.Set(new() { Hang = ["*"] });
        var stale = await collector.UntilAsync(fleet => fleet.Stale, Token);
        Assert.Contains("did not answer", stale.StaleReason, StringComparison.Ordinal);

        demo.Faults.Set(new());
        demo.Faults.CutStreams();
        await collector.UntilAsync(fleet => !fleet.Stale, Token);
        await demo.StopServerAsync();
        Assert.Equal(HealthColor.Grey, (await collector.UntilAsync(fleet => fleet.Stale, Token)).Verdict.Color);
    }

    private static CgroupFolder Tree(DemoEngineHost demo, Func<string, bool> wanted)
    {
        var folder = new CgroupFolder();
        foreach (var container in demo.Fleet.All.Where(container => wanted(container.Plan.Name)))
        {
            folder.Container($"docker/{container.Plan.Id}");
        }

        return folder;
    }

    private static Task<CollectorHost> StartAsync(DemoEngineHost demo, CgroupFolder folder, params string[] settings) =>
        CollectorHost.StartAsync(
            demo.Endpoint,
            Token,
            ["--Sampling:Interval=00:00:01", $"--Sampling:CgroupRoot={folder.Root}", $"--Sampling:ProcRoot={folder.ProcRoot}", .. settings]
        );

    private static ContainerSnapshot Find(FleetSnapshot fleet, string name) =>
        fleet.Apps.SelectMany(app => app.Containers).Single(container => container.Name == name);
}
