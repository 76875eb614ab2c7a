using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>
/// Ready as soon as there is something to show. An engine that is lost later is an ordinary state that the snapshot tells of: taking
/// the Collector out of service for it would hide exactly that.
/// </summary>
internal sealed class EngineHealthCheck(SnapshotStore store) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(store.Current is null
            ? HealthCheckResult.Unhealthy("The engine has not been asked yet.")
            : HealthCheckResult.Healthy());
}
