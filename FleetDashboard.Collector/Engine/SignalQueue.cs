using System.Threading.Channels;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// The one queue from the engine's session to the snapshot writer. It is bounded: a session that is faster than the writer waits, and its
/// memory does not grow.
/// </summary>
internal sealed class SignalQueue
{
    private const int Capacity = 4096;

    private readonly Channel<Signal> _channel = Channel.CreateBounded<Signal>(Capacity);

    /// <summary>For the snapshot writer alone.</summary>
    public ChannelReader<Signal> Reader => _channel.Reader;

    /// <summary>Adds a signal, and waits while the queue is full.</summary>
    public ValueTask WriteAsync(Signal signal, CancellationToken cancellationToken) =>
        _channel.Writer.WriteAsync(signal, cancellationToken);

    /// <summary>Adds a signal. False where the queue is full.</summary>
    public bool TryWrite(Signal signal) => _channel.Writer.TryWrite(signal);
}
