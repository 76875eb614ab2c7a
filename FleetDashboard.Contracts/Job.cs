using System.Collections.Immutable;

namespace FleetDashboard.Contracts;

/// <summary>One action that a user asked for, on one container or on those of an app.</summary>
public sealed record Job
{
    public required string Id { get; init; }

    /// <summary>The action's name.</summary>
    public required string Action { get; init; }

    /// <summary>The app of its containers.</summary>
    public required string App { get; init; }

    /// <summary>The names of its containers, in the order in which it takes them.</summary>
    public required ImmutableArray<string> Containers { get; init; }

    /// <summary>One of <see cref="JobStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string User { get; init; }

    /// <summary>When it was asked for (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it started (UTC); null while it waits.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended (UTC); null until then.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How it ended, one of the last four of <see cref="JobStates"/>; null until then.</summary>
    public string? Outcome { get; init; }

    /// <summary>What it does now, or how it ended, as a sentence.</summary>
    public string? Message { get; init; }

    /// <summary>How much of it is done, 0 to 1; null where nothing can be measured.</summary>
    public double? Progress { get; init; }

    /// <summary>True while it can be cancelled.</summary>
    public bool CanCancel { get; init; }

    /// <summary>The result for each container, in the same order.</summary>
    public ImmutableArray<JobResult> Results { get; init; } = [];

    /// <summary>The containers of the app that it leaves alone, and why.</summary>
    public ImmutableArray<JobExclusion> LeftOut { get; init; } = [];
}

/// <summary>The result for one container of a job.</summary>
/// <param name="Id">The container's id.</param>
/// <param name="Container">Its name.</param>
/// <param name="State">One of <see cref="JobStates"/>.</param>
/// <param name="Message">How it went, as a sentence; null until it ended.</param>
/// <param name="ImageBefore">The image's id before; null where it plays no part.</param>
/// <param name="ImageAfter">The image's id after.</param>
public sealed record JobResult(
    string Id,
    string Container,
    string State,
    string? Message = null,
    string? ImageBefore = null,
    string? ImageAfter = null
);

/// <summary>A container that a job leaves alone.</summary>
/// <param name="Container">Its name.</param>
/// <param name="Code">One of <see cref="RefusalCodes"/>.</param>
/// <param name="Reason">The reason for people.</param>
public sealed record JobExclusion(string Container, string Code, string Reason);

/// <summary>One raw line of a job, as the engine or a registry sent it. Untrusted: show it as plain text.</summary>
/// <param name="At">When it was received (UTC).</param>
/// <param name="Container">The container's name.</param>
/// <param name="Text">The line.</param>
public sealed record JobLine(DateTimeOffset At, string Container, string Text);

/// <summary>New raw lines of one job, on the stream of the fleet.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Lines">The lines, in order.</param>
public sealed record JobOutput(string Job, ImmutableArray<JobLine> Lines);

/// <summary>The states of a <see cref="Job"/>.</summary>
public static class JobStates
{
    public const string Queued = "queued";
    public const string Running = "running";
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";

    /// <summary>The Collector stopped before the job ended.</summary>
    public const string Interrupted = "interrupted";

    public const string Cancelled = "cancelled";
}
