using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>Somebody wants something done.</summary>
/// <param name="Caller">Who.</param>
/// <param name="Action">One of <see cref="ActionNames"/>.</param>
/// <param name="Target">To what.</param>
/// <param name="Key">What makes the same request sent twice one; null for none.</param>
internal sealed record SubmittedAction(Caller Caller, string Action, RequestTarget Target, string? Key);

/// <summary>A container by what the caller called it, or all of an app.</summary>
internal abstract record RequestTarget
{
    public sealed record Container(string Id) : RequestTarget;

    public sealed record App(string Name) : RequestTarget;
}

/// <summary>What became of a request.</summary>
internal abstract record Submission
{
    /// <summary>It is a job now, or was one already.</summary>
    public sealed record Accepted(Job Job) : Submission;

    /// <summary>The guard says no.</summary>
    public sealed record Refused(Refusal Refusal, string Sentence) : Submission;

    public sealed record NotFound(string Sentence) : Submission;

    /// <summary>The request itself is wrong.</summary>
    public sealed record Mistaken(string Sentence) : Submission;

    /// <summary>Another job holds a container.</summary>
    public sealed record Busy(Job Holder, string Sentence) : Submission;

    /// <summary>The key has been used for something else.</summary>
    public sealed record KeyTaken(string Sentence) : Submission;

    public sealed record TooMany(string Sentence, TimeSpan RetryAfter) : Submission;

    /// <summary>Nothing can be done now, whoever asks.</summary>
    public sealed record Unavailable(string Sentence) : Submission;
}
