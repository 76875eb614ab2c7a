using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>
/// Something that can be done to one container. The guard has allowed it, the trail has its intent; how it ends, the runner records.
/// </summary>
internal interface IFleetAction
{
    /// <summary>One of <see cref="ActionNames"/>.</summary>
    string Name { get; }

    /// <summary>
    /// True where it may be broken off at any moment without harm: it can then be called off while it runs, and a failure on one container
    /// of an app does not keep it from the next.
    /// </summary>
    bool IsHarmless { get; }

    /// <summary>How long it may take on this container; afterwards the token is cancelled.</summary>
    TimeSpan DeadlineFor(ActionTarget target);

    /// <summary>Does it. What went wrong in an expected way is a result; exceptions are told in the log too.</summary>
    /// <param name="target">The container.</param>
    /// <param name="progress">Told what happens; may be called from any thread.</param>
    /// <param name="cancellationToken">Its deadline, the Collector's end, and, where harmless, its being called off. Whoever must put
    /// something back does so before it returns.</param>
    Task<ActionResult> RunAsync(ActionTarget target, IJobProgress progress, CancellationToken cancellationToken);
}

/// <summary>An action that can leave something behind when the Collector dies in the middle of it.</summary>
internal interface IRecoverable
{
    /// <summary>
    /// Puts right what was left, or names it in the sentence it returns; null where nothing was. Runs at start, before anything else may be
    /// done.
    /// </summary>
    Task<string?> RecoverAsync(AuditRecord intent, CancellationToken cancellationToken);
}

/// <summary>How it went on one container.</summary>
/// <param name="Succeeded">Whether it did what it was to do.</param>
/// <param name="Message">A sentence for a person.</param>
/// <param name="ImageBefore">The image's id before; null where it plays no part.</param>
/// <param name="ImageAfter">The image's id after.</param>
internal sealed record ActionResult(bool Succeeded, string Message, string? ImageBefore = null, string? ImageAfter = null);

/// <summary>Where an action says what happens.</summary>
internal interface IJobProgress
{
    /// <summary>A raw line of the engine, a registry or a build.</summary>
    void Line(string text);

    /// <summary>What is being done now, as a sentence, and how much of it is done (0 to 1) where that can be measured.</summary>
    void Step(string sentence, double? done = null);
}
