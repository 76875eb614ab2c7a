namespace FleetDashboard.Collector.Audit;

/// <summary>Which records are wanted; what is null does not matter.</summary>
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

    /// <summary>Not before.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before.</summary>
    public DateTimeOffset? To { get; init; }
}
