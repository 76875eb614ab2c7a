namespace FleetDashboard.Collector.Audit;

/// <summary>Selects audit records. A null property does not filter.</summary>
internal sealed record AuditQuery
{
    public const int MaxLimit = 500;

    public string? User { get; init; }
    public string? App { get; init; }
    public string? Container { get; init; }
    public string? Action { get; init; }
    public string? Phase { get; init; }
    public string? Outcome { get; init; }
    public string? Job { get; init; }

    /// <summary>The earliest time, inclusive.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The latest time, exclusive.</summary>
    public DateTimeOffset? To { get; init; }
}
