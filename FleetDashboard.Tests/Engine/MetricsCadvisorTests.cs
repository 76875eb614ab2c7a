using Docker.DotNet.Models;
using FleetDashboard.Collector.Metrics.Cadvisor;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using FleetDashboard.Tests.Support.Metrics;
using Xunit;

namespace FleetDashboard.Tests.Engine;

/// <summary><c>/metrics/cadvisor</c> on a real engine: its values match the engine's.</summary>
[Trait("Category", "Engine")]
public sealed class MetricsCadvisorTests(EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Container_WithLimits_HasTheKernelsMetrics()
    {
        await using var collector = await CollectorHost.StartAsync(engine.Endpoint, Token, "--Sampling:Interval=00:00:01");
        var name = engine.NameOf("measured");
        var id = await engine.RunAsync(
            new LabContainer(name)
            {
                CpuCores = 0.25,
                MemoryBytes = 64 << 20,
                Labels = new Dictionary<string, string> { ["com.docker.compose.service"] = "measured" },
            },
            Token
        );

        var scrape = await UntilAsync(collector, scrape => scrape.Value("container_memory_usage_bytes", name) > 0);
        var inspect = await engine.InspectAsync(id, Token);

        Assert.Equal((25_000, 100_000), (scrape.Value("container_spec_cpu_quota", name), scrape.Value("container_spec_cpu_period", name)));
        Assert.Equal(
            (64 << 20, 0),
            (scrape.Value("container_spec_memory_limit_bytes", name), scrape.Value("container_spec_memory_reservation_limit_bytes", name))
        );
        Assert.Equal(-1, scrape.Value("container_health_state", name));
        Assert.Equal(
            DateTimeOffset.Parse(inspect.State!.StartedAt!, null).ToUnixTimeSeconds(),
            scrape.Value("container_start_time_seconds", name)
        );
        Assert.True(scrape.Value("container_cpu_cfs_periods_total", name) >= 0);
        Assert.True(scrape.Value("container_memory_working_set_bytes", name) <= scrape.Value("container_memory_usage_bytes", name));
        Assert.Equal(0, scrape.Value("container_oom_events_total", name));
        Assert.Contains(
            scrape.Find(name),
            series => series.Name == "container_network_receive_bytes_total" && series["interface"] == "eth0"
        );
        Assert.All(
            scrape.Find(name),
            series => Assert.Equal((BusyboxImage.Name, "measured"), (series["image"], series["container_label_com_docker_compose_service"]))
        );
        Assert.All(scrape.Find(name), series => Assert.Contains(id, series["id"], StringComparison.Ordinal));
        Assert.Empty(await scrape.CheckAsync(Token));
        await RemoveAsync(id);
    }

    [EngineFact]
    public async Task Container_Killed_KeepsOnlyItsStateMetrics()
    {
        await using var collector = await CollectorHost.StartAsync(engine.Endpoint, Token, "--Sampling:Interval=00:00:01");
        var name = engine.NameOf("murdered");
        var id = await engine.RunAsync(new LabContainer(name), Token);
        await UntilAsync(collector, scrape => scrape.Value("container_memory_usage_bytes", name) > 0);

        await (await engine.ClientAsync(Token)).Containers.KillContainerAsync(id, new ContainerKillParameters(), Token);
        var dead = await UntilAsync(collector, scrape => scrape.Value("container_exit_code", name) == 137);

        Assert.Equal(
            ["container_exit_code", "container_oom_events_total", "container_restarts"],
            dead.Find(name).Select(series => series.Name).Order(StringComparer.Ordinal)
        );

        await RemoveAsync(id);
        await UntilAsync(collector, scrape => !scrape.Find(name).Any());
    }

    [EngineFact]
    public async Task Container_KilledForMemory_CountsTheEvent()
    {
        await using var collector = await CollectorHost.StartAsync(engine.Endpoint, Token, "--Sampling:Interval=00:00:01");
        var name = engine.NameOf("gluttonous");
        var id = await engine.RunAsync(
            new LabContainer(name)
            {
                MemoryBytes = 16 << 20,
                Command = ["sh", "-c", "sleep 2; dd if=/dev/zero of=/dev/shm/x bs=1M count=64; sleep 600"],
            },
            Token
        );

        await UntilAsync(collector, scrape => scrape.Value("container_oom_events_total", name) >= 1);
        await RemoveAsync(id);
    }

    [EngineFact]
    public async Task Container_Paused_KeepsItsMetrics()
    {
        await using var collector = await CollectorHost.StartAsync(engine.Endpoint, Token, "--Sampling:Interval=00:00:01");
        var name = engine.NameOf("dozing");
        var id = await engine.RunAsync(new LabContainer(name), Token);
        var client = await engine.ClientAsync(Token);
        await UntilAsync(collector, scrape => scrape.Value("container_memory_usage_bytes", name) > 0);

        await client.Containers.PauseContainerAsync(id, Token);
        await collector.UntilAsync(
            fleet => fleet.Apps.SelectMany(app => app.Containers).Any(container => container.Name == name && container.State == "paused"),
            Token
        );
        var paused = await Scrape.CadvisorAsync(collector, Token);

        Assert.NotNull(paused.Value(CadvisorScrape.LastSeen, name));
        Assert.True(paused.Value("container_memory_usage_bytes", name) > 0);
        await client.Containers.UnpauseContainerAsync(id, Token);
        await RemoveAsync(id);
    }

    private static Task<Scrape> UntilAsync(CollectorHost collector, Func<Scrape, bool> wanted) =>
        Eventually.GetAsync(token => Scrape.CadvisorAsync(collector, token), wanted, describe: scrape => $"{scrape.Series.Count} series");

    private async Task RemoveAsync(string id) =>
        await (await engine.ClientAsync(Token)).Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true }, Token);
}
