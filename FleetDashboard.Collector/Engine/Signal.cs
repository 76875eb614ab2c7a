using System.Collections.Immutable;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// One fact that an <see cref="EngineSession"/> sends to the snapshot writer, in the order in which it was received. Sampling and Databases
/// add signals of their own: <c>StatsSampled</c> and <c>DatabasesMeasured</c>.
/// </summary>
/// <param name="At">When it was received (UTC).</param>
internal abstract record Signal(DateTimeOffset At)
{
    /// <summary>The engine answered: a session begins.</summary>
    public sealed record Connected(DateTimeOffset At, HostFacts Host) : Signal(At);

    /// <summary>Docker sent an event.</summary>
    public sealed record EventReceived(DateTimeOffset At, EngineEvent Event) : Signal(At);

    /// <summary>
    /// The engine's lists. <paramref name="Networks"/> and <paramref name="Services"/> are null where the engine refused them.
    /// </summary>
    public sealed record Listed(
        DateTimeOffset At,
        ContainerList Containers,
        ImmutableArray<NetworkFacts>? Networks,
        ImmutableArray<ServiceFacts>? Services = null
    ) : Signal(At);

    /// <summary>One container was inspected. <paramref name="Facts"/> is null where the engine has no container of that id.</summary>
    public sealed record Inspected(DateTimeOffset At, string Id, ContainerFacts? Facts) : Signal(At);

    /// <summary>One container could not be inspected. <paramref name="Reason"/> is a sentence.</summary>
    public sealed record InspectionFailed(DateTimeOffset At, string Id, string Reason) : Signal(At);

    /// <summary>The images on the host and their tags.</summary>
    public sealed record ImagesListed(DateTimeOffset At, HostImages Images) : Signal(At);

    /// <summary>The session ended: the engine cannot be reached. <paramref name="Reason"/> is a sentence.</summary>
    public sealed record Disconnected(DateTimeOffset At, string Reason) : Signal(At);
}
