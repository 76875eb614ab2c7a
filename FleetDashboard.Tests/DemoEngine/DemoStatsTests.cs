using Docker.DotNet;
using Docker.DotNet.Models;
using FleetDashboard.DemoEngine.Fleet;
using FleetDashboard.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FleetDashboard.Tests.DemoEngine;

public sealed class DemoStatsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));
    private DemoEngineHost _demo = null!;
    private DockerClient _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _demo = await DemoEngineHost.StartAsync(_time, cancellationToken: Cancel);
        _client = _demo.CreateClient();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _demo.DisposeAsync();
    }

    [Fact]
    public async Task Stats_AtTheCpuLimit_UseHalfACoreAndAreThrottled()
    {
        var first = await OneShotAsync("billing-worker-1");
        _time.Advance(TimeSpan.FromSeconds(10));
        var second = await OneShotAsync("billing-worker-1");

        Assert.InRange(CoresBetween(first, second), 0.48, 0.5);
        Assert.Equal(100UL, second.CPUStats!.ThrottlingData!.Periods - first.CPUStats!.ThrottlingData!.Periods);
        Assert.True(second.CPUStats.ThrottlingData.ThrottledPeriods > first.CPUStats.ThrottlingData.ThrottledPeriods);
    }

    [Fact]
    public async Task Stats_TightMemory_ExceedsNineTenthsOfTheLimitWithoutCache()
    {
        var stats = await OneShotAsync("billing-web-1");

        var memory = stats.MemoryStats!;
        var used = memory.Usage!.Value - memory.Stats!["total_inactive_file"];
        Assert.Equal(64UL << 20, memory.Limit);
        Assert.InRange(used / (double)memory.Limit!.Value, 0.92, 0.94);
        Assert.True(memory.Usage <= memory.Limit);
    }

    [Theory]
    [InlineData("trouble-importer-1")]
    [InlineData("trouble-worker-1")]
    [InlineData("billing-migrate-1")]
    public async Task Stats_NotRunning_AreEmpty(string name)
    {
        var stats = await OneShotAsync(name);

        Assert.Equal(1, stats.Read.Year);
    }

    [Fact]
    public async Task Stats_Paused_StandStillAndContinueAfterwards()
    {
        var first = await OneShotAsync("trouble-report-1");
        _time.Advance(TimeSpan.FromMinutes(1));
        var second = await OneShotAsync("trouble-report-1");
        await _client.Containers.UnpauseContainerAsync("trouble-report-1", Cancel);
        _time.Advance(TimeSpan.FromMinutes(1));
        var third = await OneShotAsync("trouble-report-1");

        Assert.Equal(0, CoresBetween(first, second));
        Assert.InRange(CoresBetween(second, third), 0.001, 0.5);
    }

    [Fact]
    public async Task Stats_AfterARestart_StartAtZero()
    {
        var before = await OneShotAsync("notes-web-1");
        await _client.Containers.RestartContainerAsync("notes-web-1", new ContainerRestartParameters(), Cancel);
        _time.Advance(TimeSpan.FromSeconds(5));
        var after = await OneShotAsync("notes-web-1");

        Assert.True(after.CPUStats!.CPUUsage!.TotalUsage < before.CPUStats!.CPUUsage!.TotalUsage);
    }

    [Fact]
    public void Load_AnySeed_IsNeverNegativeAndItsIntegralIsExact()
    {
        for (var seed = 0UL; seed < 50; seed++)
        {
            var load = new LoadCurve(0.2, 0.85, seed);
            var moments = Enumerable.Range(0, 6000).Select(i => load.At(1000 + i * 0.1)).ToList();

            Assert.All(moments, moment => Assert.True(moment >= 0));
            Assert.Equal(load.Between(1000, 1600), moments.Sum() * 0.1, 0.1);
        }
    }

    private async Task<ContainerStatsResponse> OneShotAsync(string name)
    {
        ContainerStatsResponse? answer = null;
        await _client.Containers.GetContainerStatsAsync(
            name,
            new ContainerStatsParameters { Stream = false, OneShot = true },
            new StatsCallback(stats => answer = stats),
            Cancel
        );
        return Assert.IsType<ContainerStatsResponse>(answer);
    }

    private static double CoresBetween(ContainerStatsResponse first, ContainerStatsResponse second) =>
        (second.CPUStats!.CPUUsage!.TotalUsage - (double)first.CPUStats!.CPUUsage!.TotalUsage)
        / (second.Read - first.Read).TotalNanoseconds;

    private sealed class StatsCallback(Action<ContainerStatsResponse> report) : IProgress<ContainerStatsResponse>
    {
        public void Report(ContainerStatsResponse value) => report(value);
    }
}
