using System.Collections.Immutable;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Sampling;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>
/// Publishes the inventory: the snapshot for viewers, the targets for actions, and the containers for the engine's session. Owned by
/// <see cref="SnapshotWriter"/>.
/// </summary>
internal sealed class SnapshotPublisher(
    SnapshotStore store,
    SnapshotAssembler assembler,
    SnapshotWarnings warnings,
    ActionRulings rulings,
    ActionTargets targets,
    KnownContainers containers,
    TimeProvider time
)
{
    private long _sequence;
    private DateTimeOffset? _failedSince;
    private ImmutableArray<ActionTarget> _published;

    /// <param name="inventory">The fleet.</param>
    /// <param name="freshness">Whether the engine answers.</param>
    /// <param name="round">The last reading of the stats; null before the first.</param>
    public void Publish(Inventory inventory, EngineFreshness freshness, StatsRound? round)
    {
        if (freshness.Lost is null)
        {
            containers.Publish(inventory.GuardInputs.Containers);
        }

        var judged = rulings.Judge(inventory.GuardInputs);

        // Before the snapshot: a viewer who sees a container on the page can act on it.
        if (inventory.IsComplete && judged != _published)
        {
            targets.Publish(judged);
            _published = judged;
        }

        var moment = new SnapshotMoment(
            ++_sequence,
            time.GetUtcNow(),
            freshness.TakenAt,
            freshness.Pace,
            freshness.OverdueAfter,
            freshness.Lost?.Since,
            freshness.Lost?.Reason,
            [.. warnings.Find(inventory, round)]
        )
        {
            Round = round,
            Actions = rulings.Descriptions,
        };
        store.Publish(assembler.Assemble(inventory, judged, moment), ScrapeState.Create(inventory, moment));
        _failedSince = null;
    }

    /// <summary>Publishes the last snapshot as stale, because a new one could not be computed.</summary>
    public void PublishStale(DateTimeOffset takenAt, string reason)
    {
        _failedSince ??= takenAt;
        store.PublishStale(++_sequence, _failedSince.Value, reason);
    }
}
