using System.Globalization;
using FleetDashboard.Collector.Metrics.Cadvisor;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Metrics;
using Xunit;

namespace FleetDashboard.Tests.Collector.Metrics;

/// <summary><c>/metrics/cadvisor</c> with an invented fleet: formats, and the scrape while the engine is lost.</summary>
public sealed class CadvisorScrapeTests
{
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("text/plain", false, "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("*/*", true, "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData(OpenMetrics, true, "application/openmetrics-text; version=1.0.0; charset=utf-8")]
    public async Task Scrape_InEachFormat_HasTheSameSeries(string accept, bool gzip, string type)
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await StartAsync(demo);

        var scrape = await Scrape.CadvisorAsync(collector, Token, accept, gzip);

        Assert.Equal((type, gzip ? "gzip" : null), (scrape.Type, scrape.Encoding));
        Assert.Equal(accept == OpenMetrics, scrape.Text.EndsWith("# EOF\n", StringComparison.Ordinal));
        Assert.True(scrape.Value("container_cpu_usage_seconds_total", "wiki-db-1") > 0);
        Assert.True(scrape.Value("container_memory_failcnt", "wiki-db-1") >= 0);
        Assert.Equal("counter", scrape.Kinds[accept == OpenMetrics ? "container_cpu_usage_seconds" : "container_cpu_usage_seconds_total"]);
    }

    [Fact]
    public async Task Scrape_AsTextAndAsOpenMetrics_HasTheSameSamples()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await StartAsync(demo);

        // The invented crash loop continues: compare the containers that both scrapes saw in the same state.
        var (text, open) = await Eventually.GetAsync(
            async token =>
                (
                    Samples(await Scrape.CadvisorAsync(collector, token)),
                    Samples(await Scrape.CadvisorAsync(collector, token, OpenMetrics, gzip: true))
                ),
            both => both.Item1.SequenceEqual(both.Item2),
            describe: both => string.Join('\n', both.Item1.Except(both.Item2).Concat(both.Item2.Except(both.Item1)).Take(4))
        );

        Assert.Equal(text, open);
        Assert.True(text.Length > 1000);
    }

    [Fact]
    public async Task Scrape_AsText_PassesPromtool()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await StartAsync(demo);

        Assert.Empty(await (await Scrape.CadvisorAsync(collector, Token)).CheckAsync(Token));
    }

    [Fact]
    public async Task Scrape_Repeated_AsksTheEngineNothing()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await StartAsync(demo);
        var before = RequestedAmount(collector);

        for (var i = 0; i < 20; i++)
        {
            await Scrape.CadvisorAsync(collector, Token);
        }

        // Inspections come from the fleet's crash loop, and not from scrapes.
        Assert.Equal(before, RequestedAmount(collector));
    }

    [Fact]
    public async Task LastSeen_IsTheOnlyMetricWithATimestamp()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await StartAsync(demo);

        var scrape = await Scrape.CadvisorAsync(collector, Token);
        var open = await Scrape.CadvisorAsync(collector, Token, OpenMetrics);

        Assert.Equal(
            [CadvisorScrape.LastSeen],
            scrape.Series.Where(series => series.At is not null).Select(series => series.Name).Distinct()
        );
        Assert.All(
            scrape.Series.Where(series => series.Name == CadvisorScrape.LastSeen),
            series => Assert.Equal((long)series.Value, Milliseconds(series) / 1000)
        );
        Assert.All(
            open.Series.Where(series => series.Name == CadvisorScrape.LastSeen),
            series => Assert.Equal((long)series.Value, (long)double.Parse(series.At!, CultureInfo.InvariantCulture))
        );
    }

    [Fact]
    public async Task Scrape_WhileTheEngineIsLost_HasOnlyLastSeen()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await StartAsync(demo);

        await demo.StopServerAsync();
        var stale = await collector.UntilAsync(fleet => fleet.Stale, Token);
        var scrape = await Scrape.CadvisorAsync(collector, Token);

        Assert.Equal(stale.TakenAt.ToUnixTimeSeconds(), scrape.Value(CadvisorScrape.LastSeen, "wiki-db-1"));
        Assert.DoesNotContain(scrape.Series, series => series.Name is "container_memory_usage_bytes" or "container_health_state");
        Assert.Equal(1, Assert.Single(scrape.Series, series => series.Name == "container_scrape_error").Value);
        Assert.True(Assert.Single(scrape.Series, series => series.Name == "machine_cpu_cores").Value > 0);
    }

    [Fact]
    public async Task Token_WhenSet_IsRequiredHereToo()
    {
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await CollectorHost.StartAsync(demo.Endpoint, Token, "--Metrics:Token=scrape-me");
        using var http = new HttpClient { BaseAddress = collector.Address };

        using var refused = await http.GetAsync(CollectorRoutes.CadvisorMetrics, Token);
        http.DefaultRequestHeaders.Authorization = new("Bearer", "scrape-me");
        using var answered = await http.GetAsync(CollectorRoutes.CadvisorMetrics, Token);

        Assert.Equal((System.Net.HttpStatusCode.Unauthorized, System.Net.HttpStatusCode.OK), (refused.StatusCode, answered.StatusCode));
    }

    private static async Task<CollectorHost> StartAsync(DemoEngineHost demo)
    {
        // After the second reading. The next one is far away.
        var collector = await CollectorHost.StartAsync(demo.Endpoint, Token, "--Sampling:Interval=00:05:00");
        await collector.UntilAsync(fleet => fleet.Totals.CpuCores > 0, Token);
        return collector;
    }

    private static string[] Samples(Scrape scrape) =>
        [
            .. scrape
                .Series.Where(series => series.Name != CadvisorScrape.LastSeen)
                .Select(series => $"{series.Name} {string.Join(',', series.Labels)} {series.Value.ToString(CultureInfo.InvariantCulture)}"),
        ];

    private static long RequestedAmount(CollectorHost collector) =>
        collector.EngineCalls.Where(call => call.Key is "stats" or "list" or "info" or "version").Sum(call => call.Value);

    private static long Milliseconds(Series series) => long.Parse(series.At!, CultureInfo.InvariantCulture);
}
