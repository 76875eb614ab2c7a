using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>What became of a request to act.</summary>
internal abstract record ActionResponse
{
    /// <summary>It is a job, or was one already.</summary>
    public sealed record Taken(Job Job) : ActionResponse;

    /// <summary>The Collector says no, and why.</summary>
    public sealed record Refused(string Sentence) : ActionResponse;

    /// <summary>Somebody's job holds one of the containers.</summary>
    /// <param name="Sentence">Whose, what and since when.</param>
    /// <param name="Job">That job's id; null where the Collector did not say.</param>
    public sealed record Busy(string Sentence, string? Job) : ActionResponse;

    /// <summary>Not now. Nothing was done; the same may be asked again after a while.</summary>
    public sealed record Later(string Sentence, TimeSpan? RetryAfter) : ActionResponse;

    /// <summary>No answer came, so that it may have begun. Asking again with the same key is safe.</summary>
    public sealed record Lost(string Sentence) : ActionResponse;
}
