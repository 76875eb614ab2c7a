namespace FleetDashboard.Collector.Metrics;

/// <summary>Who may scrape.</summary>
internal sealed class MetricsOptions
{
    public const string SectionName = "Metrics";

    /// <summary>When set, <c>/metrics</c> wants <c>Authorization: Bearer</c> with it; otherwise it is open to whoever reaches the Collector.</summary>
    public string? Token { get; set; }
}
