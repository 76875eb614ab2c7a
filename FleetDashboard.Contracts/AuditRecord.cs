using System.Collections.Immutable;

namespace FleetDashboard.Contracts;

/// <summary>One record of the audit trail. Each carries the hash of the one before it: docs/audit.md has the exact bytes.</summary>
public sealed record AuditRecord
{
    /// <summary>Counts up from 1 without a gap.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was written (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// The signed-in user's name, from the token; <c>unknown</c> where the token is not valid, <c>collector</c> for the Collector's own
    /// actions.
    /// </summary>
    public required string User { get; init; }

    /// <summary>The user's permanent id, from the token. Names can be alike and can change.</summary>
    public string? Subject { get; init; }

    /// <summary>The role in the token.</summary>
    public string? Role { get; init; }

    /// <summary>The address that the request came from.</summary>
    public string? Source { get; init; }

    /// <summary>The name of an action, one of <see cref="AccountChanges"/>, <c>cancel</c> or <c>prune</c>.</summary>
    public required string Action { get; init; }

    public string? App { get; init; }

    /// <summary>The container's name; for a refusal what the caller sent.</summary>
    public string? Container { get; init; }

    public string? ContainerId { get; init; }

    /// <summary>One of <see cref="AuditPhases"/>.</summary>
    public required string Phase { get; init; }

    /// <summary>For outcomes one of <see cref="JobStates"/>; for refusals one of <see cref="RefusalCodes"/>; null for intents.</summary>
    public string? Outcome { get; init; }

    /// <summary>The reason or the result, as a sentence.</summary>
    public string? Reason { get; init; }

    /// <summary>The job it belongs to.</summary>
    public string? Job { get; init; }

    public string? ImageBefore { get; init; }

    public string? ImageAfter { get; init; }

    /// <summary>How long the action took, in milliseconds; for outcomes.</summary>
    public long? DurationMs { get; init; }

    /// <summary>The hash of the record before, 64 hexadecimal digits.</summary>
    public required string PreviousHash { get; init; }

    /// <summary>SHA-256 over the hash before and this record.</summary>
    public required string Hash { get; init; }
}

/// <summary>The phases of a record.</summary>
public static class AuditPhases
{
    /// <summary>On the disk before the action starts.</summary>
    public const string Intent = "intent";

    /// <summary>How the action ended.</summary>
    public const string Outcome = "outcome";

    /// <summary>An action that was asked for and refused.</summary>
    public const string Refusal = "refusal";
}

/// <summary>A page of the trail.</summary>
/// <param name="Records">Newest first.</param>
/// <param name="Next">The value of <c>after</c> for the next page; null on the last one.</param>
public sealed record AuditPage(ImmutableArray<AuditRecord> Records, long? Next);
