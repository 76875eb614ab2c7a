using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>Recreates a container on the newer image that its tag names on this host.</summary>
internal sealed class UpdateAction(Recreation recreation, RecreateRecovery recovery, IOptions<ActionOptions> options)
    : IFleetAction,
        IRecoverable
{
    public ActionDescription Description { get; } =
        new(
            ActionNames.Update,
            "Update",
            "recreate from the newer image",
            "The container is stopped and recreated from the newer image. Settings, networks and volumes are kept.",
            "Each container is stopped and recreated from the newer image. Settings, networks and volumes are kept. "
                + "They run one at a time, dependencies first.",
            IfItFails: Recreation.IfItFails,
            Interrupts: true
        );

    /// <summary>A replacement must not stop halfway: recovery either completes it or rolls it back.</summary>
    public bool IsHarmless => false;

    public Refusal? Prevents(GuardCase container) =>
        Preventions.OfState(container.Facts)
        ?? Preventions.OfRecreate(container)
        ?? (
            container.UpdateAvailable
                ? null
                : new Refusal(RefusalCodes.NoNewerImage, "this host has no newer image for its tag: pull first")
        );

    public TimeSpan DeadlineFor(ActionTarget target) => Recreation.DeadlineFor(target.Facts, options.Value.UpdateDeadline);

    public async Task<ActionResult> RunAsync(ActionTarget target, IJobProgress progress, CancellationToken cancellationToken) =>
        await recreation.RunAsync(target.Id, progress, cancellationToken);

    public Task<string?> RecoverAsync(AuditRecord intent, CancellationToken cancellationToken) =>
        recovery.RunAsync(intent, cancellationToken);
}
