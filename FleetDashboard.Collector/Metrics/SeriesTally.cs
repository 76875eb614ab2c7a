using FleetDashboard.Collector.Snapshots;

namespace FleetDashboard.Collector.Metrics;

/// <summary>
/// Counts the label sets that the instruments received in the life of their meter, including those of removed containers.
/// </summary>
internal sealed class SeriesTally
{
    private readonly Dictionary<string, int> _containers = [];
    private readonly HashSet<string> _apps = [];
    private readonly HashSet<(string App, string Reason)> _reasons = [];
    private readonly HashSet<(string Container, string Kind, string Database)> _databases = [];
    private int _ofContainers;

    /// <summary>The label sets of the instrument that has the most.</summary>
    public int Most => Math.Max(Math.Max(_ofContainers, _apps.Count * ColorNames.All.Length), Math.Max(_reasons.Count, _databases.Count));

    public void Add(PublishedSnapshot current)
    {
        foreach (var container in current.Scrape.Containers)
        {
            // A container may get more networks or disks later.
            var (before, now) = (_containers.GetValueOrDefault(container.Facts.Id), WidthOf(container));
            if (now > before)
            {
                _containers[container.Facts.Id] = now;
                _ofContainers += now - before;
            }
        }

        foreach (var app in current.Snapshot.Apps)
        {
            _apps.Add(app.Name);
            _reasons.UnionWith(app.Reasons.Select(reason => (app.Name, reason.Code)));
            _databases.UnionWith(app.Databases.Select(database => (database.Container, database.Kind, database.Name)));
        }
    }

    // Two directions per network and disk, or two modes of the CPU.
    private static int WidthOf(ScrapedContainer container) =>
        2
        * Math.Max(
            1,
            container.Counters?.Detail is { } detail ? Math.Max(detail.Interfaces.Length, detail.BlockBytes.Count(disk => disk.IsRead)) : 1
        );
}
