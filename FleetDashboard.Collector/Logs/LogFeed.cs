using System.Threading.Channels;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts.Logs;

namespace FleetDashboard.Collector.Logs;

/// <summary>What one container's source sends: lines, a note between lines, or that its past is complete.</summary>
/// <param name="Batch">Lines. Returned to the feed once they are read.</param>
/// <param name="Mark">A note to show between lines.</param>
/// <param name="MarkedAt">The time of the note.</param>
/// <param name="HandedAt">When it was sent to the merge, as a timestamp of the clock.</param>
internal readonly record struct FeedItem(LogBatch? Batch, LogMark? Mark, LogTime MarkedAt, long HandedAt)
{
    public bool IsCaughtUp => Batch is null && Mark is null;
}

/// <summary>
/// The queue from one container to the merge. Three batches circulate, so a caller that reads nothing stops the reading at the engine after
/// three times 64 KiB, and a flood of lines allocates no memory.
/// </summary>
internal sealed class LogFeed : IDisposable
{
    private const int Batches = 3;
    private const int Capacity = 4;

    private readonly Channel<FeedItem> _ready = Channel.CreateBounded<FeedItem>(Capacity);
    private readonly Channel<LogBatch> _free = Channel.CreateBounded<LogBatch>(Batches);
    private readonly LogBatch[] _all = [new(), new(), new()];
    private readonly ChannelWriter<bool> _wake;
    private readonly TimeProvider _time;

    /// <param name="container">The container's name.</param>
    /// <param name="wake">Signalled whenever there is something to read.</param>
    /// <param name="time">Timestamps the items.</param>
    public LogFeed(string container, ChannelWriter<bool> wake, TimeProvider time)
    {
        (Container, _wake, _time) = (container, wake, time);
        (OutputHead, ErrorHead) = (LogJson.Head(container, "stdout"), LogJson.Head(container, "stderr"));
        Array.ForEach(_all, Return);
    }

    public string Container { get; }

    /// <summary>The JSON between the time and the text of a line of standard output.</summary>
    public byte[] OutputHead { get; }

    /// <inheritdoc cref="OutputHead"/>
    public byte[] ErrorHead { get; }

    /// <summary>An empty batch. Waits until the reader returns one.</summary>
    public ValueTask<LogBatch> RentAsync(CancellationToken cancellationToken) => _free.Reader.ReadAsync(cancellationToken);

    public void Return(LogBatch batch)
    {
        batch.Clear();
        _free.Writer.TryWrite(batch);
    }

    public ValueTask SendAsync(LogBatch batch, CancellationToken cancellationToken) =>
        SendAsync(new FeedItem(batch, null, default, _time.GetTimestamp()), cancellationToken);

    public ValueTask MarkAsync(LogTime at, string kind, string text, CancellationToken cancellationToken) =>
        SendAsync(new FeedItem(null, new LogMark(at.ToString(), Container, kind, text), at, _time.GetTimestamp()), cancellationToken);

    public ValueTask CaughtUpAsync(CancellationToken cancellationToken) =>
        SendAsync(new FeedItem(null, null, default, _time.GetTimestamp()), cancellationToken);

    /// <summary>Reports why this container's log cannot be read.</summary>
    public void Refuse(LogTime at, string text)
    {
        _ready.Writer.TryWrite(
            new FeedItem(null, new LogMark(at.ToString(), Container, LogMarkKinds.Dropped, text), at, _time.GetTimestamp())
        );
        Complete();
    }

    /// <summary>Completes the feed.</summary>
    public void Complete()
    {
        _ready.Writer.TryComplete();
        _wake.TryWrite(true);
    }

    public bool TryRead(out FeedItem item) => _ready.Reader.TryRead(out item);

    /// <summary>Whether the feed is complete and everything was read.</summary>
    public bool IsOver => _ready.Reader.Completion.IsCompleted;

    /// <summary>Call only after the source has ended, because it may still fill a batch.</summary>
    public void Dispose() => Array.ForEach(_all, batch => batch.Dispose());

    private async ValueTask SendAsync(FeedItem item, CancellationToken cancellationToken)
    {
        await _ready.Writer.WriteAsync(item, cancellationToken);
        _wake.TryWrite(true);
    }
}
