using Docker.DotNet.Models;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using Xunit;

namespace FleetDashboard.Tests.Engine;

/// <summary>The lab is in its intended states according to the engine. Tests of the Collector rely on this.</summary>
[Collection(LabSuite.Name)]
[Trait("Category", "Engine")]
public sealed class LabFleetTests(LabFleet lab)
{
    public static TheoryData<string> Names => [.. LabTable.Containers.Select(container => container.Name)];

    [EngineTheory]
    [MemberData(nameof(Names))]
    public async Task Container_Each_IsInItsIntendedState(string name)
    {
        var container = LabTable.Containers.Single(container => container.Name == name);

        // A container in a restart loop changes its state; all other containers keep it.
        await Eventually.GetAsync(token => lab.Engine.InspectAsync(name, token), container.Reached);
    }

    [EngineFact]
    public async Task Lab_HasSixtyContainersOfEveryKind()
    {
        var client = await lab.Engine.ClientAsync(TestContext.Current.CancellationToken);
        var listed = await client.Containers.ListContainersAsync(
            new ContainersListParameters
            {
                All = true,
                Filters = new Dictionary<string, IDictionary<string, bool>>
                {
                    ["label"] = new Dictionary<string, bool> { [LabFleet.LabLabel] = true },
                },
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(
            LabTable.Containers.Select(container => $"/{container.Name}").Order(),
            listed.Select(container => container.Names.Single()).Order()
        );
        Assert.Equal(60, listed.Count);
        Assert.Equal(20, LabTable.Containers.Select(container => container.App).Distinct().Count());
        Assert.Equal(Enum.GetValues<HealthColor>(), LabTable.Containers.Select(container => container.Color).Distinct().Order());
    }

    [EngineFact]
    public async Task MemoryHog_IsAtNinetyThreePercentOfItsLimit()
    {
        var memory = (
            await Eventually.GetAsync(token => StatsAsync("search-index-1", token), stats => stats.MemoryStats?.Usage > 30_000 * 1024UL)
        ).MemoryStats!;

        var reclaimable = memory.Stats!.TryGetValue("total_inactive_file", out var inactive) ? inactive : memory.Stats["inactive_file"];
        Assert.InRange((double)(memory.Usage! - reclaimable) / (double)memory.Limit!, 0.92, 0.95);
    }

    [EngineFact]
    public async Task BusyLoop_IsThrottledByItsLimit()
    {
        var throttling = (
            await Eventually.GetAsync(
                token => StatsAsync("media-transcoder-1", token),
                stats => stats.CPUStats?.ThrottlingData?.ThrottledPeriods > 10
            )
        )
            .CPUStats!
            .ThrottlingData!;

        // If other processes use the host's cores too, it reaches its limit in fewer periods. The rules count half of the periods as at the
        // limit.
        Assert.InRange((double)throttling.ThrottledPeriods / throttling.Periods, 0.5, 1);
    }

    [EngineFact]
    public async Task SharedNetwork_IsNamedByTheOwnersId()
    {
        var owner = await lab.Engine.InspectAsync("tunnel-vpn-1", TestContext.Current.CancellationToken);
        var child = await lab.Engine.InspectAsync("tunnel-torrent-1", TestContext.Current.CancellationToken);

        Assert.Equal($"container:{owner.ID}", child.HostConfig!.NetworkMode);
        Assert.Empty(child.NetworkSettings!.Networks!);
    }

    private async Task<ContainerStatsResponse> StatsAsync(string name, CancellationToken cancellationToken) =>
        await (await lab.Engine.ClientAsync(cancellationToken)).StatsAsync(name, oneShot: true, cancellationToken);
}
