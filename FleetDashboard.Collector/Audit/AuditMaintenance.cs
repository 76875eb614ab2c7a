using FleetDashboard.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Audit;

/// <summary>
/// Regularly checks that the audit trail can be written, before an action needs it, and removes records older than the retention time.
/// </summary>
internal sealed partial class AuditMaintenance(
    AuditTrail trail,
    IOptions<AuditOptions> options,
    TimeProvider time,
    ILogger<AuditMaintenance> logger
) : SupervisedService(time, logger)
{
    private readonly TimeProvider _time = time;
    private readonly ILogger _logger = logger;

    private static readonly TimeSpan PruneEvery = TimeSpan.FromHours(6);

    protected override IEnumerable<SupervisedLoop> Loops => [new("check the audit trail", CheckAsync)];

    private async Task CheckAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CheckInterval, _time);
        DateTimeOffset? pruned = null;
        do
        {
            trail.Check();
            if (trail.Trouble is null && (pruned is null || _time.GetUtcNow() - pruned >= PruneEvery))
            {
                pruned = _time.GetUtcNow();
                Prune();
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
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
