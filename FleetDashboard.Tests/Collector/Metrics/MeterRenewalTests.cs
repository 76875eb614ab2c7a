using System.Diagnostics.Metrics;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Metrics;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using Xunit;

namespace FleetDashboard.Tests.Collector.Metrics;

/// <summary>
/// The SDK limits the label sets in the life of a process. However many containers come and go, every present container has its series
/// once.
/// </summary>
[Trait("Category", "Long")]
public sealed class MeterRenewalTests : IAsyncLifetime
{
    private WebApplication _app = default!;
    private HttpClient _http = default!;
    private long _sequence;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SnapshotStore Store => _app.Services.GetRequiredService<SnapshotStore>();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error"]);
        builder.AddCollectorMetrics();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<SnapshotStore>();
        builder.Services.AddSingleton<ViewerPresence>();
        builder.Services.Configure<PrometheusAspNetCoreOptions>(options => options.ScrapeResponseCacheDurationMilliseconds = 0);
        _app = builder.Build();
        _app.MapMetrics();
        await _app.StartAsync(Token);
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()), Timeout = TimeSpan.FromMinutes(2) };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Series_AfterTenThousandContainersCameAndWent_AreOfThePresentOnes()
    {
        const int atOnce = 50,
            rounds = 200;
        for (var round = 0; round < rounds; round++)
        {
            Publish(Enumerable.Range(0, atOnce).Select(number => $"r{round}-c{number}"));
            await TextAsync();
        }

        var scrape = new Scrape("", null, await TextAsync());
        AssertTold(scrape, [.. Enumerable.Range(0, atOnce).Select(number => $"r{rounds - 1}-c{number}")]);
        Assert.Empty(await scrape.CheckAsync(Token));
    }

    [Fact]
    public async Task Series_OfFiveThousandContainersOfWhichAFifthChanges_AreComplete()
    {
        const int atOnce = 5_000,
            step = 1_000;
        for (var first = 0; first <= atOnce + step; first += step)
        {
            var names = Enumerable.Range(first, atOnce).Select(number => $"c{number}").ToArray();
            Publish(names);
            AssertTold(new Scrape("", null, await TextAsync()), names);
        }
    }

    /// <summary>The SDK accepts a thousand instruments. Instruments of a disposed meter must not count.</summary>
    [Fact]
    public async Task Series_AfterAHundredRecreatedMeters_AreComplete()
    {
        var meters = new HashSet<Meter>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => Note(instrument.Meter) };
        listener.Start();

        // Values that count as label sets and have no series.
        const int names = 20_001,
            rounds = 200;
        for (var round = 0; round < rounds; round++)
        {
            var databases = Enumerable
                .Range(0, names)
                .Select(number => new DatabaseSnapshot("db", "redis", $"r{round}-{number}", null, null, null));
            Store.Publish(
                Snapshots.Create([Snapshots.Fleet().Apps[0] with { Databases = [.. databases] }], ++_sequence),
                new ScrapeState(null, [Living($"r{round}")])
            );
            AssertTold(new Scrape("", null, await TextAsync()), [$"r{round}"]);
        }

        Assert.InRange(meters.Count, 100, rounds);

        void Note(Meter meter)
        {
            if (meter.Scope == _app.Services.GetRequiredService<FleetMetrics>())
            {
                meters.Add(meter);
            }
        }
    }

    [Fact]
    public async Task Series_ManyScrapeWhileContainersComeAndGo_EachSeesOneWholeFleet()
    {
        const int atOnce = 200,
            rounds = 60,
            scrapers = 4;
        Publish(Enumerable.Range(0, atOnce).Select(number => $"r0-c{number}"));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var seen = Enumerable
            .Range(0, scrapers)
            .Select(_ =>
                Task.Run(
                    async () =>
                    {
                        var texts = new List<string>();
                        while (!over.IsCancellationRequested)
                        {
                            texts.Add(await TextAsync());
                        }

                        return texts;
                    },
                    Token
                )
            )
            .ToArray();

        for (var round = 1; round <= rounds; round++)
        {
            Publish(Enumerable.Range(0, atOnce).Select(number => $"r{round}-c{number}"));
            await TextAsync();
        }

        await over.CancelAsync();
        foreach (var text in (await Task.WhenAll(seen)).SelectMany(texts => texts))
        {
            var scrape = new Scrape("", null, text);
            var round = scrape.Series.First(series => series.Name == "container_uptime_seconds")["container_name"].Split('-')[0];
            AssertTold(scrape, [.. Enumerable.Range(0, atOnce).Select(number => $"{round}-c{number}")]);
        }
    }

    [Fact]
    public async Task Label_WithAnyCharacters_IsParsedToTheSameValue()
    {
        var odd = "say \"hi\"\none\\ größer ≥ 日本 🦆 " + new string('x', 150);
        Store.Publish(Snapshots.Create([Snapshots.Fleet().Apps[0] with { Name = odd }]), new ScrapeState(null, []));

        var scrape = new Scrape("", null, await TextAsync());

        Assert.Equal(odd, Assert.Single(scrape.Series, series => series.Name == "fleet_app_health")["app"]);
        Assert.Empty(await scrape.CheckAsync(Token));
    }

    private static void AssertTold(Scrape scrape, string[] names)
    {
        Assert.DoesNotContain("otel_metric_overflow", scrape.Text, StringComparison.Ordinal);
        var memory = scrape
            .Series.Where(series => series.Name == "container_memory_usage_bytes")
            .Select(series => series["container_name"])
            .ToList();
        Assert.Equal(names.Order(StringComparer.Ordinal), memory.Order(StringComparer.Ordinal));
        var network = scrape.Series.Where(series => series.Name == "container_network_io_bytes_total").ToList();
        Assert.Equal(names.Length * 4, network.Count);
        Assert.Equal(
            names.Length * 4,
            network
                .Select(series => (series["container_name"], series["network_interface_name"], series["network_io_direction"]))
                .Distinct()
                .Count()
        );
    }

    private void Publish(IEnumerable<string> names) =>
        Store.Publish(Snapshots.Create([], ++_sequence), new ScrapeState(null, [.. names.Select(Living)]));

    private Task<string> TextAsync() => _http.GetStringAsync(new Uri(CollectorRoutes.Metrics, UriKind.Relative), Token);

    private static ScrapedContainer Living(string name) =>
        new(
            Facts.Container(name),
            new RawStats
            {
                ReadAt = Facts.Now,
                CpuNanoseconds = 1_000_000_000,
                MemoryBytes = 1000,
                Detail = new CounterDetail
                {
                    Interfaces = [new InterfaceCounters("eth0", default, default), new InterfaceCounters("eth1", default, default)],
                },
            },
            OomKills: 0
        );
}
