using System.Collections.Immutable;
using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Metadata;
using FleetDashboard.Collector.Sampling;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>
/// What an <see cref="EngineSession"/> or the metadata file tells the <see cref="SnapshotWriter"/>, in the order in which it became known.
/// </summary>
internal abstract record Signal(DateTimeOffset At)
{
    /// <summary>The engine answered: a session begins.</summary>
    public sealed record Connected(DateTimeOffset At, HostFacts Host) : Signal(At);

    public sealed record Happened(DateTimeOffset At, EngineEvent Event) : Signal(At);

    /// <summary>
    /// The engine's lists; <paramref name="Networks"/> and <paramref name="Services"/> are null where the engine did not permit them.
    /// </summary>
    public sealed record Listed(
        DateTimeOffset At,
        ContainerList Containers,
        ImmutableArray<NetworkFacts>? Networks,
        ImmutableArray<ServiceFacts>? Services = null
    ) : Signal(At);

    /// <summary>One container was inspected; <paramref name="Facts"/> is null where there is none of that id any more.</summary>
    public sealed record Inspected(DateTimeOffset At, string Id, ContainerFacts? Facts) : Signal(At);

    /// <summary>The tags on the host, each with the id of its image.</summary>
    public sealed record Tagged(DateTimeOffset At, HostImages Images) : Signal(At);

    /// <summary>One container could not be inspected; <paramref name="Reason"/> is a sentence.</summary>
    public sealed record InspectFailed(DateTimeOffset At, string Id, string Reason) : Signal(At);

    /// <summary>The figures were read, and <paramref name="Pace"/> later they will be again.</summary>
    public sealed record Sampled(DateTimeOffset At, StatsRound Round, TimeSpan Pace) : Signal(At);

    /// <summary>The metadata file changed. Nothing that the engine said, so it does not make the snapshot any newer.</summary>
    public sealed record FileRead(DateTimeOffset At, FleetMetadata Metadata) : Signal(At);

    /// <summary>The databases inside one container were asked for.</summary>
    public sealed record Measured(DateTimeOffset At, string Id, DatabaseReading Reading) : Signal(At);

    /// <summary>The session ended: the engine cannot be reached.</summary>
    public sealed record Lost(DateTimeOffset At, string Reason) : Signal(At);
}
