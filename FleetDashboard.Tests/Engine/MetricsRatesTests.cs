using System.Globalization;
using Docker.DotNet.Models;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using FleetDashboard.Tests.Support.Metrics;
using Xunit;

namespace FleetDashboard.Tests.Engine;

/// <summary>Prometheus computes the same rates from the counters as <c>docker stats</c>, over <c>FLEET_TEST_SCRAPE_MINUTES</c>.</summary>
[Trait("Category", "Engine")]
public sealed class MetricsRatesTests(EngineFixture engine)
{
    private static readonly TimeSpan Watched = TimeSpan.FromMinutes(
        double.Parse(Environment.GetEnvironmentVariable("FLEET_TEST_SCRAPE_MINUTES") ?? "0.25", CultureInfo.InvariantCulture)
    );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Counters_OfABusyContainer_AreBetweenTwoEngineSamplesAndNeverFall()
    {
        var name = engine.NameOf("metered");
        var id = await engine.RunAsync(
            new LabContainer(name)
            {
                CpuCores = 0.2,
                MemoryBytes = 64 << 20,

                // The load is limited by the container itself: how fast a network call fails would vary with what other tests do.
                Command =
                [
                    "sh",
                    "-c",
                    "dd if=/dev/zero of=/dev/shm/x bs=1M count=20; (while :; do nc -w 1 $(ip route | awk '/default/ { print $3 }') 9; "
                        + "done) & while :; do :; done",
                ],
            },
            Token
        );
        var client = await engine.ClientAsync(Token);
        await using var collector = await CollectorHost.StartAsync(engine.Endpoint, Token, "--Sampling:Interval=00:00:01");
        await using var prometheus = await Prometheus.StartAsync(collector, Token);
        await prometheus.UntilAsync(Series("container_network_transmit_bytes_total"), result => result is [var sent] && sent.Value > 0);

        // Meanwhile a second scraper reads the other formats. Neither affects the other.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var other = ScrapeOnAsync(collector, over.Token);
        var first = await client.StatsAsync(id, oneShot: true, Token);
        await AtLeastAsync(prometheus, first);
        var began = (await prometheus.QueryAsync(Series("container_cpu_usage_seconds_total"), Token))[0].Value;
        var last = first;
        while (last.Read - first.Read < Watched)
        {
            last = await client.StatsAsync(id, oneShot: true, Token);
            await AtLeastAsync(prometheus, last);
            var ours = await ReadAsync(prometheus);
            var after = Stats(await client.StatsAsync(id, oneShot: true, Token));
            Assert.All(
                ours.Zip(after),
                pair => Assert.True(pair.First <= pair.Second, $"{pair.First} is more than the engine's {pair.Second}")
            );
        }

        // Both over the same period, plus or minus a scrape or two at the ends.
        var seconds = (last.Read - first.Read).TotalSeconds;
        var engineCores = (Stats(last)[0] - Stats(first)[0]) / seconds;
        var rate = (await prometheus.QueryAsync($"rate({Series("container_cpu_usage_seconds_total")}[{(int)seconds}s])", Token))[0].Value;
        Assert.InRange(rate, engineCores * 0.7, engineCores * 1.3);
        Assert.True(last.Read > first.Read && began > 0);
        var memory = (await prometheus.QueryAsync(Series("container_memory_usage_bytes", "cadvisor"), Token))[0].Value;
        var usage = (double)(await client.StatsAsync(id, oneShot: true, Token)).MemoryStats!.Usage!;
        Assert.InRange(memory, usage * 0.8, usage * 1.2);

        foreach (
            var counter in await prometheus.QueryAsync(
                $"group by (__name__) ({{__name__=~\".+_total\",name=\"{name}\"}} or "
                    + $"{{__name__=~\".+_total\",container_name=\"{name}\"}} or {{__name__=~\"fleet_.+_total\"}})",
                Token
            )
        )
        {
            Assert.Empty(
                await prometheus.QueryAsync(
                    $"resets({counter["__name__"]}{{name=~\"{name}|\",container_name=~\"{name}|\"}}[1h]) > 0",
                    Token
                )
            );
        }

        Assert.Empty(await prometheus.QueryAsync("up == 0", Token));
        await over.CancelAsync();
        Assert.True(await other > 1);
        await client.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true }, Token);

        string Series(string metric, string job = "cadvisor") => $"{metric}{{name=\"{name}\",job=\"{job}\"}}";

        async Task<double[]> ReadAsync(Prometheus source)
        {
            string[] metrics =
            [
                "container_cpu_usage_seconds_total",
                "container_network_receive_bytes_total",
                "container_network_transmit_bytes_total",
            ];
            var values = await Task.WhenAll(metrics.Select(metric => source.QueryAsync(Series(metric), Token)));
            return [.. values.Select(value => value[0].Value)];
        }

        async Task AtLeastAsync(Prometheus source, ContainerStatsResponse read)
        {
            var least = Stats(read);
            await Eventually.GetAsync(
                _ => ReadAsync(source),
                now => now.Zip(least).All(pair => pair.First >= pair.Second),
                describe: now => string.Join(", ", now)
            );
        }
    }

    private static double[] Stats(ContainerStatsResponse stats) =>
        [
            stats.CPUStats!.CPUUsage!.TotalUsage / 1e9,
            stats.Networks!.Values.Sum(one => (double)one.RxBytes),
            stats.Networks!.Values.Sum(one => (double)one.TxBytes),
        ];

    private static async Task<int> ScrapeOnAsync(CollectorHost collector, CancellationToken cancellationToken)
    {
        var count = 0;
        try
        {
            for (; ; count++)
            {
                var scrape = await Scrape.CadvisorAsync(collector, cancellationToken, "application/openmetrics-text", gzip: true);
                Assert.EndsWith("# EOF\n", scrape.Text, StringComparison.Ordinal);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return count;
        }
    }
}
