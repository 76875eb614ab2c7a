using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Metrics;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using Xunit;

namespace FleetDashboard.Tests.Collector.Metrics;

/// <summary>The SDK's limit on sets of labels in the life of a process: however many containers come and go, those of now are told.</summary>
public sealed class MeterRenewalTests
{
    private const int AtOnce = 50;
    private const int Rounds = 200;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Series_TenThousandContainersCameAndWent_AreThoseOfTheLiving()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error"]);
        builder.AddCollectorMetrics();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<SnapshotStore>();
        builder.Services.Configure<PrometheusAspNetCoreOptions>(options => options.ScrapeResponseCacheDurationMilliseconds = 0);
        await using var app = builder.Build();
        app.MapMetrics();
        await app.StartAsync(Token);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var store = app.Services.GetRequiredService<SnapshotStore>();
        var text = "";

        for (var round = 0; round < Rounds; round++)
        {
            store.Publish(Snapshots.Of([], round + 1), new ScrapeState(null, [.. Enumerable.Range(0, AtOnce).Select(number => Living($"r{round}-c{number}"))]));
            text = await http.GetStringAsync(new Uri(CollectorRoutes.Metrics, UriKind.Relative), Token);
        }

        var scrape = new Scrape("", null, text);
        var memory = scrape.Series.Where(series => series.Name == "container_memory_usage_bytes").ToList();
        Assert.DoesNotContain("otel_metric_overflow", text, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, AtOnce).Select(number => $"r{Rounds - 1}-c{number}").Order(StringComparer.Ordinal), memory.Select(series => series["container_name"]).Order(StringComparer.Ordinal));
        Assert.Equal(AtOnce * 4, scrape.Series.Count(series => series.Name == "container_network_io_bytes_total"));
        Assert.Empty(await scrape.CheckAsync(Token));
    }

    private static ScrapedContainer Living(string name) => new(
        Facts.Container(name),
        new RawFigures
        {
            ReadAt = Facts.Now,
            CpuNanoseconds = 1_000_000_000,
            MemoryBytes = 1000,
            Detail = new CounterDetail { Interfaces = [new InterfaceCounters("eth0", default, default), new InterfaceCounters("eth1", default, default)] },
        },
        OomKills: 0);
}
