using FleetDashboard.Collector.Audit;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Sampling;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>What the operator must know of this Collector and its engine, one sentence for each.</summary>
internal sealed class SnapshotWarnings(AuditTrail trail, CollectorProblems problems)
{
    public IEnumerable<string> Find(Inventory inventory, StatsRound? round)
    {
        IEnumerable<string?> found =
        [
            trail.Trouble,
            round?.Problem,
            .. inventory.Host?.Problems ?? [],
            .. problems.Sentences,
            Unusable(inventory),
        ];
        return found.OfType<string>();
    }

    private static string? Unusable(Inventory inventory) =>
        inventory.Unusable == 0
            ? null
            : $"{inventory.Unusable} entries of the engine's list have no valid id, or exceed the limit of {EngineLimits.Containers}. "
                + "They are not shown.";
}
