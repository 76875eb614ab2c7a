using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>
/// Something that can be done to one container. Routes, menu, confirmation dialog, guard, metrics and audit trail all take what they need
/// from here: a new action is one class and one line in <see cref="ActionServices"/>.
/// </summary>
internal interface IFleetAction
{
    /// <summary>Its name, and the texts by which the page offers it.</summary>
    ActionDescription Description { get; }

    /// <summary>
    /// True where stopping it at any moment does no harm. It can then be cancelled while it runs, and after a failure on one container of
    /// an app the next container still gets its turn.
    /// </summary>
    bool IsHarmless { get; }

    /// <summary>
    /// True where the action may run on a one-off container (<c>docker compose run</c>), because it leaves the container alone.
    /// </summary>
    bool IsForOneOffs => false;

    /// <summary>
    /// Why the action cannot be offered for this container; null where nothing prevents it. Pure. The guard has checked what applies to
    /// every action: protection, <c>Actions:Enabled</c>, and containers that are being removed or cannot be read.
    /// </summary>
    Refusal? Prevents(GuardCase container);

    /// <summary>How long it may take on this container. After that the token is cancelled.</summary>
    TimeSpan DeadlineFor(ActionTarget target);

    /// <summary>
    /// Runs the action. The intent is in the audit trail; the runner records the outcome. An expected failure is a result, an exception is
    /// also logged.
    /// </summary>
    /// <param name="target">The container.</param>
    /// <param name="progress">Receives lines and steps, from any thread.</param>
    /// <param name="cancellationToken">Cancelled at the deadline, when the Collector stops and, where harmless, when a user cancels the
    /// job. An action that must undo something does so before it returns.</param>
    Task<ActionResult> RunAsync(ActionTarget target, IJobProgress progress, CancellationToken cancellationToken);
}

/// <summary>An action that can leave something behind when the Collector dies in the middle of it.</summary>
internal interface IRecoverable
{
    /// <summary>
    /// Repairs what an interrupted run left behind. Returns a sentence about it, or null where nothing was left. Runs at start, before any
    /// job is accepted.
    /// </summary>
    Task<string?> RecoverAsync(AuditRecord intent, CancellationToken cancellationToken);
}

/// <summary>How an action ended on one container.</summary>
/// <param name="Succeeded">Whether it did what it was to do.</param>
/// <param name="Message">A sentence for a person.</param>
/// <param name="ImageBefore">The image's id before; null where the image plays no part.</param>
/// <param name="ImageAfter">The image's id after.</param>
internal sealed record ActionResult(bool Succeeded, string Message, string? ImageBefore = null, string? ImageAfter = null);

/// <summary>Where an action reports its progress.</summary>
internal interface IJobProgress
{
    /// <summary>A raw line of the engine, a registry or a build.</summary>
    void Line(string text);

    /// <summary>What happens now, as a sentence, and how much is done (0 to 1) where that can be measured.</summary>
    void Step(string sentence, double? done = null);
}
