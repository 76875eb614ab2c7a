using System.Text.RegularExpressions;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FleetDashboard.Tests.Collector.Metrics;

/// <summary><c>docs/metrics.md</c> against real scrapes: the page lists every exported metric, and no other.</summary>
public sealed partial class MetricsDocumentTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Document_NamesEveryMetricOfBothRoutesAndNoOther()
    {
        var parts = (await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "metrics.md"), Token)).Split("## `/metrics");
        await using var demo = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await CollectorHost.StartAsync(
            demo.Endpoint,
            Token,
            "--Databases:Interval=00:00:01",
            "--Sampling:Interval=00:00:02"
        );
        var fleet = await collector.UntilAsync(
            fleet => fleet.Totals.CpuCores > 0 && fleet.Apps.SelectMany(app => app.Databases).Any(database => database.Bytes > 0),
            Token
        );
        var restartable = fleet.Apps.SelectMany(app => app.Containers).First(container => container.Actions.Contains(ActionNames.Restart));
        await collector.EndOfAsync(
            (
                await collector.PostAsync(CollectorRoutes.Fill(CollectorRoutes.ContainerAction, restartable.Id, ActionNames.Restart), Token)
            ).Job,
            Token
        );
        await collector.Http.GetStringAsync(
            new Uri(CollectorRoutes.ContainerLogs.Replace("{id}", restartable.Id, StringComparison.Ordinal) + "?tail=1", UriKind.Relative),
            Token
        );

        var documented = Names(Table().Matches(parts[1]).Select(row => row.Value));
        var scrape = await Eventually.GetAsync(
            token => GrownAsync(collector, token),
            scrape => documented.IsSubsetOf(Own(scrape)),
            describe: scrape => "not exported: " + string.Join(", ", documented.Except(Own(scrape)))
        );
        Assert.Equal(documented.Order(StringComparer.Ordinal), Own(scrape).Order(StringComparer.Ordinal));
        Assert.All(
            scrape.Kinds.Keys.Except(documented),
            name =>
                Assert.Contains(
                    $"`{name.Split('_')[0]}_",
                    parts[1].Replace("`target_info`", "`target_`", StringComparison.Ordinal),
                    StringComparison.Ordinal
                )
        );
        Assert.Empty(await scrape.CheckAsync(Token));

        var cadvisor = await Scrape.CadvisorAsync(collector, Token);
        Assert.Equal(
            Names([parts[2].Split("Differences from cAdvisor")[0]]).Order(StringComparer.Ordinal),
            cadvisor.Kinds.Keys.Order(StringComparer.Ordinal)
        );
    }

    // Growth needs a day of measurements, so the test adds it.
    private static async Task<Scrape> GrownAsync(CollectorHost collector, CancellationToken cancellationToken)
    {
        var store = collector.Services.GetRequiredService<SnapshotStore>();
        var current = store.Current!;
        store.Publish(
            current.Snapshot with
            {
                Apps =
                [
                    .. current.Snapshot.Apps.Select(app =>
                        app with
                        {
                            Databases = [.. app.Databases.Select(database => database with { GrowthBytes = 1 })],
                        }
                    ),
                ],
            },
            current.Scrape
        );
        return new Scrape(
            "",
            null,
            await collector.Http.GetStringAsync(new Uri(CollectorRoutes.Metrics, UriKind.Relative), cancellationToken)
        );
    }

    private static HashSet<string> Own(Scrape scrape) =>
        [
            .. scrape.Kinds.Keys.Where(name =>
                name.StartsWith("container_", StringComparison.Ordinal) || name.StartsWith("fleet_", StringComparison.Ordinal)
            ),
        ];

    private static HashSet<string> Names(IEnumerable<string> texts) =>
        [.. texts.SelectMany(text => Name().Matches(text)).Select(match => match.Groups[1].Value)];

    /// <summary>The first column of a row.</summary>
    [GeneratedRegex(@"^\| `[^|]*", RegexOptions.Multiline)]
    private static partial Regex Table();

    [GeneratedRegex("`((?:container|fleet|machine)_[a-z0-9_]+)`")]
    private static partial Regex Name();
}
