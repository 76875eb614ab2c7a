using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Audit;

/// <summary>Knows of a broken disk before somebody needs it, and removes what is older than is kept.</summary>
internal sealed partial class AuditKeeper(AuditTrail trail, IOptions<AuditOptions> options, TimeProvider time, ILogger<AuditKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan PruneEvery = TimeSpan.FromHours(6);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CheckInterval, time);
        DateTimeOffset? pruned = null;
        do
        {
            trail.Check();
            if (trail.Trouble is null && (pruned is null || time.GetUtcNow() - pruned >= PruneEvery))
            {
                pruned = time.GetUtcNow();
                Prune();
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Prune()
    {
        try
        {
            trail.Prune();
        }
        catch (TrailUnwritableException broken)
        {
            LogNotPruned(broken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Old records of the audit trail could not be removed.")]
    private partial void LogNotPruned(Exception fault);
}
