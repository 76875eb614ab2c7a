namespace FleetDashboard.Collector.Audit;

/// <summary>What is to be written: a record that has no place in the chain yet.</summary>
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

/// <summary>The trail cannot be written. The message is a sentence for whoever wanted to act.</summary>
internal sealed class TrailUnwritableException(string message, Exception inner) : Exception(message, inner);

/// <summary>Another Collector writes this trail. The message is the sentence with which this one refuses to start.</summary>
internal sealed class TrailInUseException(string message) : Exception(message);
