using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>Recreates a container on the newer image that its tag names on this host.</summary>
internal sealed class UpdateAction(Recreation recreation, RecreateRecovery recovery, IOptions<ActionOptions> options)
    : IFleetAction,
        IRecoverable
{
    public string Name => ActionNames.Update;

    /// <summary>Half a replacement is none: it is either finished or taken back.</summary>
    public bool IsHarmless => false;

    public TimeSpan DeadlineFor(ActionTarget target) => Recreation.DeadlineFor(target.Facts, options.Value.UpdateDeadline);

    public async Task<ActionResult> RunAsync(ActionTarget target, IJobProgress progress, CancellationToken cancellationToken) =>
        await recreation.RunAsync(target.Id, progress, cancellationToken);

    public Task<string?> RecoverAsync(AuditRecord intent, CancellationToken cancellationToken) =>
        recovery.RunAsync(intent, cancellationToken);
}
