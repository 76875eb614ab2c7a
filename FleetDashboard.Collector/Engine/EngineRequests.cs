using System.Threading.Channels;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// What other parts of the Collector want to know from the engine. A request waits for the session, never the other way round, and equal
/// requests count once. Safe to use from anywhere.
/// </summary>
internal sealed class EngineRequests
{
    private readonly InspectQueue _inspections = new();
    private readonly Channel<bool> _lists = Coalescing();
    private readonly Channel<bool> _images = Coalescing();
    private readonly Channel<bool> _streams = Coalescing();

    /// <summary>The containers that wait to be inspected.</summary>
    public InspectQueue Inspections => _inspections;

    /// <summary>Requests to compare everything with the engine's list.</summary>
    public ChannelReader<bool> Lists => _lists.Reader;

    /// <summary>Requests to list the images.</summary>
    public ChannelReader<bool> Images => _images.Reader;

    /// <summary>Requests to open the stream of events again.</summary>
    public ChannelReader<bool> Streams => _streams.Reader;

    /// <summary>Inspect one container.</summary>
    public void Inspect(string id) => _inspections.Add(id);

    /// <summary>Compare everything with the engine's list.</summary>
    public void Reconcile() => _lists.Writer.TryWrite(true);

    /// <summary>List the images, because a tag may have moved.</summary>
    public void ListImages() => _images.Writer.TryWrite(true);

    /// <summary>Open the stream of events again, because it missed changes.</summary>
    public void ReopenEvents() => _streams.Writer.TryWrite(true);

    /// <summary>A new session: it lists and inspects everything anyway, so older requests are dropped.</summary>
    public void Begin()
    {
        _inspections.Clear();
        _streams.Reader.TryRead(out _);
        Reconcile();
        ListImages();
    }

    private static Channel<bool> Coalescing() =>
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
}
