using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>The answer to a request to act.</summary>
internal abstract record ActionResponse
{
    /// <summary>The request is a job now, or already was.</summary>
    public sealed record Taken(Job Job) : ActionResponse;

    /// <summary>The Collector refused, with the reason.</summary>
    public sealed record Refused(string Sentence) : ActionResponse;

    /// <summary>Another job holds one of the containers.</summary>
    /// <param name="Sentence">Who started that job, what it does, and since when.</param>
    /// <param name="Job">That job's id; null where the Collector did not send it.</param>
    public sealed record Busy(string Sentence, string? Job) : ActionResponse;

    /// <summary>Nothing was done. The same request may succeed later.</summary>
    public sealed record Later(string Sentence, TimeSpan? RetryAfter) : ActionResponse;

    /// <summary>No answer came, so the action may have started. Trying again with the same key is safe.</summary>
    public sealed record Lost(string Sentence) : ActionResponse;
}
