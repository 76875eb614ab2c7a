using System.Text.Json;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Metrics;
using Xunit;

namespace FleetDashboard.Tests.Deployment;

/// <summary>The shipped Grafana dashboard: each of its panels shows data.</summary>
public sealed class GrafanaTests
{
    private static readonly string Path = System.IO.Path.Combine(Repository.Root, "deploy", "grafana", "fleet.json");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Panels_OverTheDemoFleet_AllReturnSeries()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await CollectorHost.StartAsync(
            demo.Endpoint,
            Token,
            "--Sampling:Interval=00:00:01",
            "--Databases:Interval=00:00:01"
        );
        await using var prometheus = await Prometheus.StartAsync(collector, Token);
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Path, Token));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();

        Assert.True(panels.Count > 10);
        Assert.Equal("datasource", dashboard.RootElement.GetProperty("templating").GetProperty("list")[0].GetProperty("type").GetString());
        foreach (var panel in panels)
        {
            Assert.Equal("${datasource}", panel.GetProperty("datasource").GetProperty("uid").GetString());
            foreach (var target in panel.GetProperty("targets").EnumerateArray())
            {
                // As Grafana expands them with "All" selected.
                var expression = target
                    .GetProperty("expr")
                    .GetString()!
                    .Replace("$app", ".*", StringComparison.Ordinal)
                    .Replace("$container", ".*", StringComparison.Ordinal)
                    .Replace("$__rate_interval", "30s", StringComparison.Ordinal);
                await prometheus.UntilAsync(expression, result => result.Count > 0 && result.All(series => !double.IsNaN(series.Value)));
            }
        }
    }
}
