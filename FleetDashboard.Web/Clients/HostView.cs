using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// What is known of one host: the last snapshot, and whether its Collector still speaks. Immutable, shared by all viewers.
/// </summary>
public sealed record HostView
{
    /// <summary>Where its Collector listens: which host this is, inside this process.</summary>
    public required Uri Collector { get; init; }

    /// <summary>What its operator calls it, else its engine; before that is heard, where its Collector listens.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The name where the fleet has several hosts, and null where it has one: then no page and no address speaks of hosts.
    /// </summary>
    public string? Tag { get; init; }

    /// <summary>The last snapshot; stays when the Collector falls silent. Null before the first.</summary>
    public FleetSnapshot? Snapshot { get; init; }

    public ConnectionState Connection { get; init; } = ConnectionState.Connecting;

    /// <summary>Since when nothing was heard of the Collector, by this process's clock.</summary>
    public DateTimeOffset? UnreachableSince { get; init; }

    /// <summary>Why, as a sentence that says what to look at.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// Since when the Collector has sent nothing newer although it is connected, by this process's clock; null while news comes at the pace
    /// that it states.
    /// </summary>
    public DateTimeOffset? OverdueSince { get; init; }

    /// <summary>When the engine last told what the snapshot holds, moved onto this process's clock.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>True while the page may show its colours: Collector and engine answer, and what they say is not overdue.</summary>
    public bool IsCurrent => Connection == ConnectionState.Live && Snapshot is { Stale: false } && OverdueSince is null;

    /// <summary>
    /// True where the Collector or the engine does not answer or sends nothing newer; false while the first answer is awaited.
    /// </summary>
    public bool IsSilent => Connection == ConnectionState.Unreachable || Snapshot is { Stale: true } || OverdueSince is not null;

    /// <summary>
    /// True where the page must grey what it shows of this host by itself; where the fleet has one host, the whole page is grey.
    /// </summary>
    public bool IsGreyed => Tag is not null && !IsCurrent;

    /// <summary>A host of which nothing is heard and nothing wrong yet.</summary>
    public static HostView Nothing(Uri collector, string? name = null) =>
        new() { Collector = collector, Name = name ?? collector.Authority };
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
