using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>What is known of one host: the last snapshot, and whether its Collector still speaks. Immutable, shared by all viewers.</summary>
public sealed record FleetView
{
    /// <summary>Nothing heard and nothing wrong yet.</summary>
    public static FleetView Nothing { get; } = new();

    /// <summary>The last snapshot; stays when the Collector falls silent. Null before the first.</summary>
    public FleetSnapshot? Snapshot { get; init; }

    public ConnectionState Connection { get; init; } = ConnectionState.Connecting;

    /// <summary>Since when nothing was heard of the Collector, by this process's clock.</summary>
    public DateTimeOffset? UnreachableSince { get; init; }

    /// <summary>Why, as a sentence that says what to look at.</summary>
    public string? Error { get; init; }

    /// <summary>When the engine last told what the snapshot holds, moved onto this process's clock.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>True while the page may show colours: something is known, and both Collector and engine answer.</summary>
    public bool IsCurrent => Connection == ConnectionState.Live && Snapshot is { Stale: false };
}

/// <summary>How the stream from a Collector is.</summary>
public enum ConnectionState
{
    /// <summary>Not heard of yet.</summary>
    Connecting,

    /// <summary>Speaks.</summary>
    Live,

    /// <summary>Does not answer.</summary>
    Unreachable,
}
