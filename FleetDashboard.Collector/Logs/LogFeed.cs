using System.Threading.Channels;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts.Logs;

namespace FleetDashboard.Collector.Logs;

/// <summary>What one container's source hands on: lines, or a mark, or that its past is told.</summary>
/// <param name="Batch">Lines; goes back to the feed when they are read.</param>
/// <param name="Mark">Something to tell between lines.</param>
/// <param name="MarkedAt">When that was.</param>
/// <param name="HandedAt">When it was handed on, by the clock's own stamp.</param>
internal readonly record struct FeedItem(LogBatch? Batch, LogMark? Mark, LogTime MarkedAt, long HandedAt)
{
    public bool IsCaughtUp => Batch is null && Mark is null;
}

/// <summary>
/// The way from one container to the merge. Three batches go round, so a caller who takes nothing holds up the reading at the engine after
/// three times 64 KiB, and no flood makes garbage.
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
    /// <param name="wake">Told whenever there is something to read.</param>
    /// <param name="time">Stamps what is handed on.</param>
    public LogFeed(string container, ChannelWriter<bool> wake, TimeProvider time)
    {
        (Container, _wake, _time) = (container, wake, time);
        (OutputHead, ErrorHead) = (LogJson.Head(container, "stdout"), LogJson.Head(container, "stderr"));
        Array.ForEach(_all, Return);
    }

    public string Container { get; }

    /// <summary>What is between the time and the text of each line of its standard output, as JSON.</summary>
    public byte[] OutputHead { get; }

    /// <inheritdoc cref="OutputHead"/>
    public byte[] ErrorHead { get; }

    /// <summary>A batch to fill; waits for the reader to give one back.</summary>
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

    /// <summary>Says why nothing of this container is read.</summary>
    public void Refuse(LogTime at, string text)
    {
        _ready.Writer.TryWrite(
            new FeedItem(null, new LogMark(at.ToString(), Container, LogMarkKinds.Dropped, text), at, _time.GetTimestamp())
        );
        Complete();
    }

    /// <summary>Nothing more comes.</summary>
    public void Complete()
    {
        _ready.Writer.TryComplete();
        _wake.TryWrite(true);
    }

    public bool TryRead(out FeedItem item) => _ready.Reader.TryRead(out item);

    /// <summary>True once all was read and nothing more comes.</summary>
    public bool IsOver => _ready.Reader.Completion.IsCompleted;

    /// <summary>Only after the source has ended: it may be filling a batch.</summary>
    public void Dispose() => Array.ForEach(_all, batch => batch.Dispose());

    private async ValueTask SendAsync(FeedItem item, CancellationToken cancellationToken)
    {
        await _ready.Writer.WriteAsync(item, cancellationToken);
        _wake.TryWrite(true);
    }
}
