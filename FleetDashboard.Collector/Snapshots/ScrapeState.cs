using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Sampling;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>
/// What a scrape needs of the same moment as the snapshot, and the wire must not carry: labels and raw counters. Immutable; it shares
/// what the inventory holds.
/// </summary>
/// <param name="Host">The engine and its machine; null before it answered.</param>
/// <param name="Containers">All that are known, by name.</param>
internal sealed record ScrapeState(HostFacts? Host, ImmutableArray<ScrapedContainer> Containers)
{
    /// <summary>The last reading of the figures; null before the first.</summary>
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
/// <param name="Facts">What the engine says of it.</param>
/// <param name="Counters">Its last reading of this run; null where there is none, or none of late.</param>
/// <param name="OomKills">How often the kernel killed something in it for want of memory, since this process watches it.</param>
internal sealed record ScrapedContainer(ContainerFacts Facts, RawStats? Counters, long OomKills)
{
    /// <summary>True while it has processes, and so a cgroup.</summary>
    public bool IsAlive => Facts.State is "running" or "paused";
}
