using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Sampling;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>
/// What a scrape needs of the same moment as the snapshot and the snapshot must not contain: labels and raw counters. Immutable; it shares
/// the objects of the inventory.
/// </summary>
/// <param name="Host">The engine and its machine; null before it answered.</param>
/// <param name="Containers">Every container, by name.</param>
internal sealed record ScrapeState(HostFacts? Host, ImmutableArray<ScrapedContainer> Containers)
{
    /// <summary>The last reading of the stats; null before the first.</summary>
    public StatsRound? Round { get; init; }

    public static ScrapeState Create(Inventory inventory, SnapshotMoment moment) =>
        new(
            inventory.Host,
            [
                .. inventory
                    .Containers.Select(container => new ScrapedContainer(
                        container.Facts,
                        moment.IsOverdue(container) ? null : container.Counters,
                        inventory.OomKillsOf(container.Facts.Id)
                    ))
                    .OrderBy(container => container.Facts.Name, StringComparer.Ordinal),
            ]
        )
        {
            Round = moment.Round,
        };
}

/// <summary>One container.</summary>
/// <param name="Facts">Its last inspection.</param>
/// <param name="Counters">The last reading of this run; null before the first, or when it is overdue.</param>
/// <param name="OomKills">OOM kills in the container since the Collector started.</param>
internal sealed record ScrapedContainer(ContainerFacts Facts, RawStats? Counters, long OomKills)
{
    /// <summary>True while it has processes, and so a cgroup.</summary>
    public bool IsAlive => Facts.State is "running" or "paused";
}
