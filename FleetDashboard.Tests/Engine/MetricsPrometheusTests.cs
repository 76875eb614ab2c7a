using Docker.DotNet.Models;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using FleetDashboard.Tests.Support.Metrics;
using Xunit;

namespace FleetDashboard.Tests.Engine;

/// <summary>A real Prometheus over a real engine: published alert rules for containers that go down fire and clear.</summary>
[Trait("Category", "Engine")]
public sealed class MetricsPrometheusTests(EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task DownRules_ContainerIsKilledRestartedRemovedAndRecreated_FireAndClear()
    {
        var name = engine.NameOf("phoenix");
        await using var collector = await CollectorHost.StartAsync(engine.Endpoint, Token, "--Sampling:Interval=00:00:01");
        await using var prometheus = await Prometheus.StartAsync(collector, Token, Rules(name));
        var client = await engine.ClientAsync(Token);
        var lab = new LabContainer(name) { MemoryBytes = 16 << 20 };
        var id = await engine.RunAsync(lab, Token);
        await FiringAsync(prometheus);

        await client.Containers.KillContainerAsync(id, new ContainerKillParameters(), Token);
        await FiringAsync(prometheus, "Absent", "Down", "Killed");

        await client.Containers.StartContainerAsync(id, new(), Token);
        await FiringAsync(prometheus);

        // By hand, as the engine's restart policy would.
        await client.Containers.RestartContainerAsync(id, new ContainerRestartParameters { WaitBeforeKillSeconds = 0 }, Token);
        await UntilAsync(prometheus, firing => firing.Contains("Restarted"));
        await FiringAsync(prometheus);

        await client.ShellAsync(id, "dd if=/dev/zero of=/dev/shm/x bs=1M count=64", Token);
        await UntilAsync(prometheus, firing => firing.Contains("OutOfMemory"));
        await FiringAsync(prometheus);

        await client.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true }, Token);
        await FiringAsync(prometheus, "Absent", "Down", "Killed");
        var successor = await engine.RunAsync(lab, Token);
        await FiringAsync(prometheus);
        await client.Containers.RemoveContainerAsync(successor, new ContainerRemoveParameters { Force = true }, Token);
    }

    // As published by samber, dockprom and others, for one container. A minute becomes a few seconds, and Prometheus' lookback of five
    // minutes becomes twenty seconds.
    private static string Rules(string name) =>
        $$"""
            groups:
              - name: published
                rules:
                  - { alert: Killed, expr: 'time() - container_last_seen{name="{{name}}"} > 5' }
                  - { alert: Absent, expr: 'absent(container_last_seen{name="{{name}}"} > time() - 5)' }
                  - { alert: Down, expr: 'absent(container_memory_usage_bytes{name="{{name}}"})' }
                  - { alert: Restarted, expr: 'changes(container_start_time_seconds{name="{{name}}"}[10s]) > 0' }
                  - { alert: OutOfMemory, expr: 'increase(container_oom_events_total{name="{{name}}"}[10s]) > 0' }
            """;

    private static Task FiringAsync(Prometheus prometheus, params string[] alerts) =>
        UntilAsync(prometheus, firing => firing.SetEquals(alerts));

    private static Task UntilAsync(Prometheus prometheus, Func<HashSet<string>, bool> wanted) =>
        prometheus.UntilAsync("ALERTS{alertstate=\"firing\"}", result => wanted([.. result.Select(alert => alert["alertname"])]));
}
