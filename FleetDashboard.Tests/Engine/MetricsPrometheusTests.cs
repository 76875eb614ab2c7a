using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Docker.DotNet.Models;
using FleetDashboard.Collector.Metrics.Cadvisor;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using Xunit;

namespace FleetDashboard.Tests.Engine;

/// <summary>The real Prometheus over a real engine: what people have written for cAdvisor finds its data here.</summary>
[Trait("Category", "Engine")]
public sealed partial class MetricsPrometheusTests(EngineFixture engine, ITestOutputHelper output)
{
    private static readonly string Root = typeof(MetricsPrometheusTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task DownRules_ContainerIsKilledAndRecreated_FireAndClear()
    {
        await using var collector = await CollectorHost.StartAsync(engine.Endpoint, Token, "--Sampling:Interval=00:00:01");
        await using var prometheus = await Prometheus.StartAsync(collector, Token);
        var name = engine.NameOf("phoenix");
        var (absent, unseen) = ($"absent(container_memory_usage_bytes{{name=\"{name}\"}})", $"time() - container_last_seen{{name=\"{name}\"}} > 5");
        var client = await engine.ClientAsync(Token);
        var id = await engine.RunAsync(new LabContainer(name), Token);
        await prometheus.UntilAsync($"container_memory_usage_bytes{{name=\"{name}\"}}", result => result.Count == 1);
        Assert.Empty(await prometheus.QueryAsync(absent, Token));

        await client.Containers.KillContainerAsync(id, new ContainerKillParameters(), Token);
        await prometheus.UntilAsync(absent, result => result.Count == 1);
        await prometheus.UntilAsync(unseen, result => result.Count == 1);

        await client.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true }, Token);
        var successor = await engine.RunAsync(new LabContainer(name), Token);
        await prometheus.UntilAsync(absent, result => result.Count == 0);
        await prometheus.UntilAsync(unseen, result => result.Count == 0);
        await client.Containers.RestartContainerAsync(successor, new ContainerRestartParameters { WaitBeforeKillSeconds = 0 }, Token);
        await prometheus.UntilAsync($"changes(container_start_time_seconds{{name=\"{name}\"}}[1m]) > 0", result => result.Count == 1);
        await client.Containers.RemoveContainerAsync(successor, new ContainerRemoveParameters { Force = true }, Token);
    }

    [EngineFact]
    public async Task PublishedExpressions_AllOfThem_FindTheirDataOrAreDocumented()
    {
        var path = Path.Combine(Root, "..", "shared", "data", "cadvisor-expressions.json");
        Assert.SkipUnless(File.Exists(path), $"Needs the collection of published expressions at {path}");
        using var expressions = JsonDocument.Parse(await File.ReadAllTextAsync(path, Token));
        await using var collector = await CollectorHost.StartAsync(engine.Endpoint, Token, "--Sampling:Interval=00:00:01");
        await using var prometheus = await Prometheus.StartAsync(collector, Token);
        var name = engine.NameOf("published");
        var id = await engine.RunAsync(new LabContainer(name) { CpuCores = 0.5, MemoryBytes = 64 << 20, Labels = new Dictionary<string, string> { ["com.docker.compose.service"] = "web" } }, Token);
        await prometheus.UntilAsync($"rate(container_cpu_usage_seconds_total{{name=\"{name}\"}}[1m])", result => result.Count == 1);
        var exposed = CadvisorMetrics.All.Select(metric => metric.Name).Concat(CadvisorScrape.Others).ToHashSet();
        var documented = await File.ReadAllTextAsync(Path.Combine(Root, "docs", "metrics.md"), Token);
        var found = new Dictionary<(string Section, string Outcome), int>();

        foreach (var one in expressions.RootElement.EnumerateArray())
        {
            var result = await prometheus.QueryAsync(Filled(one.GetProperty("expr").GetString()!), Token);
            var missing = one.GetProperty("metrics").EnumerateArray().Select(metric => metric.GetString()!).Where(metric => !exposed.Contains(metric)).ToList();
            Assert.All(missing, metric => Assert.Contains($"`{metric}`", documented, StringComparison.Ordinal));
            var outcome = missing.Count > 0 ? "names what Docker does not tell"
                : result.Count > 0 ? "returns series"
                : one.GetProperty("needs_other").GetArrayLength() > 0 ? "needs another exporter too"
                : "returns none: no series meets its condition or labels";
            var key = (one.GetProperty("section").GetString()!, outcome);
            found[key] = found.GetValueOrDefault(key) + 1;
        }

        foreach (var (key, count) in found.OrderBy(entry => entry.Key))
        {
            output.WriteLine($"| {key.Section} | {key.Outcome} | {count} |");
        }

        Assert.True(found.GetValueOrDefault(("panels", "returns series")) > 0);
        await (await engine.ClientAsync(Token)).Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true }, Token);
    }

    // Grafana fills its variables in before Prometheus sees them: times with a duration, choices of labels with all of them.
    private static string Filled(string expression) =>
        Variable().Replace(
            EqualsVariable().Replace(Duration().Replace(expression, "30s"), "=~\".*\""),
            match => match.Value == "$1" ? match.Value : match.Value.StartsWith("${sum_without", StringComparison.Ordinal) ? "cpu" : ".*");

    [GeneratedRegex(@"\$(__range|__rate_interval|__interval|interval)\b")]
    private static partial Regex Duration();

    [GeneratedRegex("""(?<![!<>])="\$\{?\w+[^"]*\}?"|(?<![!<>])="\$\w+" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex EqualsVariable();

    [GeneratedRegex(@"\$\{[^}]*\}|\$\w+")]
    private static partial Regex Variable();
}
