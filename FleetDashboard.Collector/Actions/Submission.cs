using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>A request to run an action.</summary>
/// <param name="Caller">The caller.</param>
/// <param name="Action">The action's name.</param>
/// <param name="Target">The container or the app.</param>
/// <param name="Key">The idempotency key: the same request sent twice is one job. Null for none.</param>
internal sealed record SubmittedAction(Caller Caller, string Action, RequestTarget Target, string? Key);

/// <summary>One container, by the id that the caller sent, or all of an app.</summary>
internal abstract record RequestTarget
{
    public sealed record Container(string Id) : RequestTarget;

    public sealed record App(string Name) : RequestTarget;
}

/// <summary>The outcome of a request.</summary>
internal abstract record Submission
{
    /// <summary>The request is a job now, or already was.</summary>
    public sealed record Accepted(Job Job) : Submission;

    /// <summary>The guard refused it.</summary>
    public sealed record GuardRefused(Refusal Refusal, string Sentence) : Submission;

    public sealed record NotFound(string Sentence) : Submission;

    /// <summary>The request is invalid.</summary>
    public sealed record Mistaken(string Sentence) : Submission;

    /// <summary>Another job holds a container.</summary>
    public sealed record ContainerBusy(Job Holder, string Sentence) : Submission;

    /// <summary>The key was used for another request.</summary>
    public sealed record KeyTaken(string Sentence) : Submission;

    public sealed record TooMany(string Sentence, TimeSpan RetryAfter) : Submission;

    /// <summary>No request can be accepted now.</summary>
    public sealed record Unavailable(string Sentence) : Submission;
}
