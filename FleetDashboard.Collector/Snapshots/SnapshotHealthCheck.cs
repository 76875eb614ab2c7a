using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>
/// Healthy while snapshots are published. A lost engine is an ordinary state: the snapshot shows it, so the Collector must stay in service.
/// A Collector that publishes nothing is unhealthy, whatever the cause.
/// </summary>
internal sealed class SnapshotHealthCheck(SnapshotStore store) : IHealthCheck
{
    /// <summary>Without a new snapshot for this many intervals the Collector is unhealthy.</summary>
    public const int MostIntervals = 3;

    /// <summary>The limit is never shorter: with short intervals, publication may take longer than three of them.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(15);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            store is not { Current: { } current, Age: { } age } ? HealthCheckResult.Unhealthy("No snapshot was published yet.")
            : age > Longest(current.Snapshot.IntervalSeconds)
                ? HealthCheckResult.Unhealthy($"The last snapshot is {age.TotalSeconds:0} s old. See the Collector's log.")
            : HealthCheckResult.Healthy()
        );

    private static TimeSpan Longest(double intervalSeconds) =>
        TimeSpan.FromSeconds(intervalSeconds * MostIntervals) is var three && three > Shortest ? three : Shortest;
}
