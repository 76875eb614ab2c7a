using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Metrics;
using Xunit;

namespace FleetDashboard.Tests.Engine;

/// <summary>
/// Every rule and panel published for cAdvisor, evaluated by a real Prometheus over containers that meet every condition.
/// </summary>
[Trait("Category", "Engine")]
public sealed class MetricsPublishedTests(EngineFixture engine, ITestOutputHelper output)
{
    private const string Answered = "answered";

    /// <summary>
    /// A label <c>cpu</c> on only one side; grouped by name on one side and by nothing on the other. It is the same with cAdvisor.
    /// </summary>
    private static readonly string[] HalvesNeverMeet =
    [
        "rate(container_cpu_usage_seconds_total[1m]) > (container_spec_cpu_quota",
        "clamp_min(sum(rate(container_cpu_usage_seconds_total",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineTheory]
    [InlineData("socket")]
    [InlineData("cgroup")]
    public async Task PublishedExpressions_All_ReturnSeriesOrTheDocSaysWhyNot(string source)
    {
        // Beside the main checkout. If it is elsewhere, FLEET_TEST_SHARED is its path.
        var shared = Environment.GetEnvironmentVariable("FLEET_TEST_SHARED") ?? Path.Combine(Repository.Root, "..", "shared");
        var path = Path.Combine(shared, "data", "cadvisor-expressions.json");
        Assert.SkipUnless(File.Exists(path), $"Needs the collection of published expressions at {path}");
        var expressions = await PublishedExpression.ReadAsync(path, Token);
        var fleet = new MeasuredFleet(engine);
        await using var beside = await MeasuredFleet.OtherExporterAsync(Token);
        await using var collector = await CollectorHost.StartAsync(
            engine.Endpoint,
            Token,
            "--Sampling:Interval=00:00:01",
            $"--Sampling:Source={source}",
            "--Metrics:Labels=com_docker_*,monitor_group,org_label_schema_group,stackname"
        ); // the expressions also use labels of their authors
        await using var prometheus = await Prometheus.StartAsync(collector, Token, beside: new Uri(beside.Urls.First()));
        await fleet.StartAsync(Token);
        await UntilAllHappenedAsync(prometheus, fleet);

        var verdicts = new List<(string Section, string Verdict)>();
        foreach (var expression in expressions)
        {
            var verdict = await JudgeAsync(prometheus, expression);
            verdicts.Add((expression.Section, verdict));
            if (verdict != Answered)
            {
                output.WriteLine($"{verdict}: {expression.Text}");
            }
        }

        await fleet.RemoveAsync(Token);
        string[] rows =
        [
            .. verdicts
                .GroupBy(one => one.Verdict)
                .OrderByDescending(group => group.Count())
                .ThenBy(group => group.Key, StringComparer.Ordinal)
                .Select(group =>
                    $"| {group.Key} | {group.Count(one => one.Section == "alerts")} | {group.Count(one => one.Section == "panels")} |"
                ),
        ];
        output.WriteLine(string.Join('\n', rows));
        Assert.DoesNotContain(verdicts, one => one.Verdict.StartsWith("unexplained", StringComparison.Ordinal));

        // The counts are those of cgroup v1, on which the document was written. Another kernel counts slightly differently. The files also
        // contain swap.
        var info = await (await engine.ClientAsync(Token)).System.GetSystemInfoAsync(Token);
        if (info.CgroupVersion == "1")
        {
            var documented = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "metrics.md"), Token);
            var swap = (await prometheus.QueryAsync("container_memory_swap", Token)).Count > 0;
            Assert.Equal(source == "cgroup" && File.Exists("/sys/fs/cgroup/memory/memory.usage_in_bytes"), swap);
            documented = swap
                ? documented
                    .Replace("| answered | 86 | 261 |", "| answered | 86 | 262 |", StringComparison.Ordinal)
                    .Replace("(262 panels)", "", StringComparison.Ordinal)
                : documented;
            Assert.All(rows, row => Assert.Contains(row, documented, StringComparison.Ordinal));
        }
    }

    private static async Task UntilAllHappenedAsync(Prometheus prometheus, MeasuredFleet fleet)
    {
        string[] signs =
        [
            $"increase(container_oom_events_total{{name=\"{fleet.Hungry}\"}}[1m]) > 0",
            $"changes(container_start_time_seconds{{name=\"{fleet.Hungry}\"}}[1m]) > 0",
            $"rate(container_cpu_cfs_throttled_periods_total{{name=\"{fleet.Busy}\"}}[1m]) > 0",
            $"container_health_state{{name=\"{fleet.Busy}\"}} == 1",
            $"max_over_time(container_health_state{{name=\"{fleet.Sick}\"}}[1m]) == 0",
            $"rate(container_fs_reads_total{{name=\"{fleet.Busy}\"}}[1m]) > 0",
            $"rate(container_fs_writes_bytes_total{{name=\"{fleet.Busy}\"}}[1m]) > 0",
            $"rate(container_network_transmit_bytes_total{{name=\"{fleet.Busy}\"}}[1m]) > 0",
            $"rate(container_cpu_usage_seconds_total{{name=\"{fleet.Busy}\"}}[30s] offset 3s)",
        ];
        foreach (var sign in signs)
        {
            await prometheus.UntilAsync(sign, result => result.Count > 0);
        }
    }

    private static async Task<string> JudgeAsync(Prometheus prometheus, PublishedExpression expression)
    {
        foreach (var selector in expression.Selectors)
        {
            if (await IsSilentAsync(prometheus, selector))
            {
                return PublishedExpression.MetricOf(selector) is { Length: > 0 } metric && await IsSilentAsync(prometheus, metric)
                        ? $"no: needs `{metric}`"
                    : selector.Contains("id=\"/\"", StringComparison.Ordinal) ? "no: needs the root cgroup, `id=\"/\"`"
                    : selector.Contains("container!=", StringComparison.Ordinal)
                        ? "no: needs Kubernetes' label `container`, as with cAdvisor on Docker"
                    : $"unexplained: nothing is selected by {selector}";
            }
        }

        return expression.IsSilentWhenWell
            || !await IsSilentAsync(prometheus, expression.Text)
            || !await IsSilentAsync(prometheus, expression.WithoutThresholds)
                ? Answered
            : HalvesNeverMeet.Any(start => expression.Text.StartsWith(start, StringComparison.Ordinal))
                ? "no: the labels of both sides differ, also with cAdvisor"
            : $"unexplained: its parts find series and it returns none: {expression.Text}";
    }

    // A scalar without a value is NaN.
    private static async Task<bool> IsSilentAsync(Prometheus prometheus, string expression) =>
        await prometheus.QueryAsync(expression, Token) is not { Count: > 0 } result
        || (result is [{ Labels.Count: 0 } scalar] && double.IsNaN(scalar.Value));
}
