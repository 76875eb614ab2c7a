using Docker.DotNet.Models;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using Xunit;

namespace FleetDashboard.Tests.Engine;

/// <summary>Changes on a real engine appear in the snapshot at once, and its stats match the engine's.</summary>
[Collection(LabSuite.Name)]
[Trait("Category", "Engine")]
public sealed class LiveFleetTests(LabFleet lab)
{
    private readonly EngineFixture _engine = lab.Engine;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Kill_RunningContainer_EventAloneTurnsItRed()
    {
        // With this interval, neither stats nor the reconciliation can bring the change, so the event did.
        await using var collector = await CollectorHost.StartAsync(
            _engine.Endpoint,
            Token,
            "--Sampling:Interval=00:05:00",
            "--Engine:ReconcileInterval=01:00:00"
        );
        var name = _engine.NameOf("casualty");
        var id = await _engine.RunAsync(new LabContainer(name), Token);
        await collector.UntilAsync(fleet => Find(fleet, name)?.Color == HealthColor.Green, Token);

        await (await _engine.ClientAsync(Token)).Containers.KillContainerAsync(id, new ContainerKillParameters(), Token);
        var after = await collector.UntilAsync(fleet => Find(fleet, name)?.Color == HealthColor.Red, Token);

        var reason = Assert.Single(Find(after, name)!.Reasons);
        Assert.Equal(ReasonCodes.Exited, reason.Code);
        Assert.StartsWith("exited with 137 (killed)", reason.Text, StringComparison.Ordinal);
        Assert.Contains(
            after.Verdict.Causes,
            cause => cause.App == name && cause.Text.Contains("exited with 137", StringComparison.Ordinal)
        );
    }

    [EngineFact]
    public async Task Restart_Requested_IsReportedAsARestart()
    {
        await using var collector = await CollectorHost.StartAsync(_engine.Endpoint, Token, "--Sampling:Interval=00:05:00");
        var name = _engine.NameOf("restarted");
        var id = await _engine.RunAsync(new LabContainer(name), Token);
        await collector.UntilAsync(fleet => Find(fleet, name)?.Color == HealthColor.Green, Token);

        await (await _engine.ClientAsync(Token)).Containers.RestartContainerAsync(
            id,
            new ContainerRestartParameters { WaitBeforeKillSeconds = 1 },
            Token
        );
        var after = await collector.UntilAsync(fleet => Find(fleet, name) is { State: "running", Color: HealthColor.Amber }, Token);

        Assert.EndsWith("on request", Assert.Single(Find(after, name)!.Reasons).Text, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Remove_Container_LeavesNoTrace()
    {
        await using var collector = await CollectorHost.StartAsync(_engine.Endpoint, Token, "--Sampling:Interval=00:00:01");
        var name = _engine.NameOf("fleeting");
        var id = await _engine.RunAsync(new LabContainer(name), Token);
        await collector.UntilAsync(fleet => Find(fleet, name)?.MemoryBytes > 0, Token);

        await (await _engine.ClientAsync(Token)).Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true }, Token);
        var after = await collector.UntilAsync(fleet => Find(fleet, name) is null, Token);

        Assert.DoesNotContain(after.Apps, app => app.Name == name);
        Assert.Equal(
            System.Net.HttpStatusCode.NotFound,
            (await collector.Http.GetAsync(new Uri($"/api/v1/containers/{id}", UriKind.Relative), Token)).StatusCode
        );
    }

    [EngineFact]
    public async Task Stats_OfABusyContainer_MatchTheEngines()
    {
        await using var collector = await CollectorHost.StartAsync(_engine.Endpoint, Token, "--Sampling:Interval=00:00:01");
        var name = _engine.NameOf("busy");
        var id = await _engine.RunAsync(
            new LabContainer(name)
            {
                CpuCores = 0.3,
                MemoryBytes = 64 << 20,
                Command = ["sh", "-c", "dd if=/dev/zero of=/dev/shm/x bs=1M count=20 2>/dev/null; while :; do :; done"],
            },
            Token
        );
        await collector.UntilAsync(fleet => Find(fleet, name)?.CpuThrottled > 0, Token);

        // Like docker stats: two samples one second apart, with its formulas. Both values vary with the machine's load, so the comparison
        // is repeated until they match. With a wrong unit, formula or container they never would.
        var client = await _engine.ClientAsync(Token);
        var (ours, theirs) = await Eventually.GetAsync(
            async token =>
            {
                var stats = await client.StatsAsync(id, oneShot: false, token);
                return (Ours: Find(await collector.FleetAsync(token), name)!, Theirs: stats);
            },
            pair => Cores(pair.Theirs) > 0.1 && Math.Abs(pair.Ours.CpuCores!.Value - Cores(pair.Theirs)) < 0.15 * Cores(pair.Theirs),
            describe: pair => $"ours {pair.Ours.CpuCores}, the engine's {Cores(pair.Theirs)}"
        );

        Assert.InRange(ours.MemoryBytes!.Value / Memory(theirs), 0.97, 1.03);
        Assert.Equal((0.3, 64L << 20), (ours.CpuLimitCores, ours.MemoryLimitBytes));
        Assert.InRange(ours.Pids!.Value, 1, 3);

        // It would use a third of a core during all later tests.
        await client.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true }, Token);
    }

    private static ContainerSnapshot? Find(FleetSnapshot fleet, string name) =>
        fleet.Apps.SelectMany(app => app.Containers).FirstOrDefault(container => container.Name == name);

    // https://docs.docker.com/reference/cli/docker/container/stats: the share of the host's CPU time, times its number of CPUs.
    private static double Cores(ContainerStatsResponse stats) =>
        (double)(stats.CPUStats!.CPUUsage!.TotalUsage - stats.PreCPUStats!.CPUUsage!.TotalUsage)
        / (double)(stats.CPUStats.SystemUsage! - stats.PreCPUStats.SystemUsage!)
        * (double)stats.CPUStats.OnlineCPUs!;

    private static double Memory(ContainerStatsResponse stats) =>
        (double)(
            stats.MemoryStats!.Usage!
            - (
                stats.MemoryStats.Stats!.TryGetValue("total_inactive_file", out var cache)
                    ? cache
                    : stats.MemoryStats.Stats["inactive_file"]
            )
        );
}
