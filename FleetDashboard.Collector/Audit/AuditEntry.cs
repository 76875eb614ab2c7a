namespace FleetDashboard.Collector.Audit;

/// <summary>A record to be written, which has no position in the hash chain yet.</summary>
internal sealed record AuditEntry(string User, string Action, string Phase)
{
    public string? Subject { get; init; }
    public string? Role { get; init; }
    public string? Source { get; init; }
    public string? App { get; init; }
    public string? Container { get; init; }
    public string? ContainerId { get; init; }
    public string? Outcome { get; init; }
    public string? Reason { get; init; }
    public string? Job { get; init; }
    public string? ImageBefore { get; init; }
    public string? ImageAfter { get; init; }
    public long? DurationMs { get; init; }
}

/// <summary>The audit trail cannot be written. The message is a sentence for the user who requested the action.</summary>
internal sealed class TrailUnwritableException(string message, Exception inner) : Exception(message, inner);

/// <summary>Another Collector writes this audit trail. The message says why this Collector refuses to start.</summary>
internal sealed class TrailInUseException(string message) : Exception(message);
