using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>The latest view of one host: the last snapshot, and the state of the connection. Immutable, shared by all viewers.</summary>
public sealed record HostView
{
    /// <summary>The address of its Collector, which identifies the host inside this process.</summary>
    public required Uri Collector { get; init; }

    /// <summary>The configured name, else the engine's; before the first snapshot, the Collector's address.</summary>
    public required string Name { get; init; }

    /// <summary>The name where the fleet has several hosts, null where it has one: then no page and no address mentions hosts.</summary>
    public string? Tag { get; init; }

    /// <summary>The last snapshot. It stays when the Collector becomes unreachable. Null before the first.</summary>
    public FleetSnapshot? Snapshot { get; init; }

    public ConnectionState Connection { get; init; } = ConnectionState.Connecting;

    /// <summary>Since when the Collector has not answered, by this process's clock.</summary>
    public DateTimeOffset? UnreachableSince { get; init; }

    /// <summary>The reason, as a sentence that says what to do.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// Since when the Collector has sent no new snapshot although it is connected, by this process's clock; null while snapshots come in
    /// time.
    /// </summary>
    public DateTimeOffset? OverdueSince { get; init; }

    /// <summary>When the engine last sent something that the snapshot contains, converted to this process's clock.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>True while the page may show its colours: Collector and engine answer, and the snapshot is not overdue.</summary>
    public bool IsCurrent => Connection == ConnectionState.Live && Snapshot is { Stale: false } && OverdueSince is null;

    /// <summary>True where the Collector or the engine does not answer or sends nothing new; false before the first answer.</summary>
    public bool IsSilent => Connection == ConnectionState.Unreachable || Snapshot is { Stale: true } || OverdueSince is not null;

    /// <summary>True where the page must grey this host's part. Where the fleet has one host, the whole page is grey instead.</summary>
    public bool IsGreyed => Tag is not null && !IsCurrent;

    /// <summary>A host that has not answered yet.</summary>
    public static HostView Nothing(Uri collector, string? name = null) =>
        new() { Collector = collector, Name = name ?? collector.Authority };
}

/// <summary>The state of the stream from a Collector.</summary>
public enum ConnectionState
{
    /// <summary>No event yet.</summary>
    Connecting,

    /// <summary>Events are received.</summary>
    Live,

    /// <summary>The Collector does not answer.</summary>
    Unreachable,
}
