using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>
/// Ready while snapshots are published. An engine that is lost is an ordinary state that the snapshot shows: taking the Collector out of
/// service
/// for it would hide exactly that. A Collector that publishes nothing any more is not ready, whatever the cause.
/// </summary>
internal sealed class EngineHealthCheck(SnapshotStore store) : IHealthCheck
{
    /// <summary>Without a new snapshot for this many intervals the Collector is not ready.</summary>
    public const int MostIntervals = 3;

    /// <summary>Snapshots are published at least this often while intervals are short, so a shorter wait proves nothing.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(15);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            store is not { Current: { } current, Age: { } age } ? HealthCheckResult.Unhealthy("The engine has not been asked yet.")
            : age > Longest(current.Snapshot.IntervalSeconds)
                ? HealthCheckResult.Unhealthy($"The last snapshot is {age.TotalSeconds:0} s old. See the Collector's log.")
            : HealthCheckResult.Healthy()
        );

    private static TimeSpan Longest(double intervalSeconds) =>
        TimeSpan.FromSeconds(intervalSeconds * MostIntervals) is var three && three > Shortest ? three : Shortest;
}
