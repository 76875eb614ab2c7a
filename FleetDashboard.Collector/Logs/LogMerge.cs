using System.Collections.Concurrent;
using System.Threading.Channels;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;
using FleetDashboard.Contracts.Logs;

namespace FleetDashboard.Collector.Logs;

/// <summary>
/// Brings the logs of several containers into one by time, and hands it to the caller. The past exactly: a line is sent once every
/// container
/// has shown its next one. Live lines wait a moment for those of others that were printed before them. The caller sets the pace.
/// </summary>
internal sealed class LogMerge(LogWriter writer, bool follow, long maxBytes, LogStreams streams, TimeProvider time)
{
    /// <summary>So long a live line waits for an older one of another container.</summary>
    private static readonly TimeSpan Reordering = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(CollectorRoutes.HeartbeatSeconds);

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private readonly ConcurrentQueue<Lane> _joining = new();
    private readonly List<Lane> _lanes = [];
    private LogEnd? _end;
    private long _sentBytes;
    private long _flushedAt = time.GetTimestamp();
    private bool _caughtUp;

    /// <summary>Told by each feed that has something.</summary>
    public ChannelWriter<bool> Wake => _wake.Writer;

    /// <summary>So many of the oldest lines of the past are too many; set before any line comes.</summary>
    public long Skip { get; set; }

    /// <param name="feed">A container's lines.</param>
    /// <param name="withPast">True where its past is part of what was asked for.</param>
    public void Join(LogFeed feed, bool withPast)
    {
        _joining.Enqueue(new Lane(feed, withPast));
        Wake.TryWrite(true);
    }

    /// <summary>No container will join any more: when all are at their end, this is told.</summary>
    public void End(LogEnd end)
    {
        Volatile.Write(ref _end, end);
        Wake.TryWrite(true);
    }

    /// <summary>Runs until all is told, the cap is hit, or the token ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        writer.Begin();
        LogEnd? end;
        while (true)
        {
            // Read before the lanes: what joined before the end was said is told as well.
            end = Volatile.Read(ref _end);
            Refill();
            TellCaughtUp();
            if (Next(out var wait) is { } lane)
            {
                Write(lane, OthersAt(lane));
                if (_sentBytes + writer.Bytes > maxBytes)
                {
                    end = new LogEnd(
                        LogEndReasons.Cap,
                        $"This stream has carried {maxBytes >> 20} MiB, the most for one (Logs:MaxBytesPerStream): ask again from the last line on, or for less."
                    );
                    break;
                }

                if (writer.IsDue)
                {
                    await FlushAsync(cancellationToken);
                }
            }
            else if (_lanes.Count == 0 && end is not null)
            {
                break;
            }
            else
            {
                await FlushAsync(cancellationToken);
                await WaitAsync(wait, cancellationToken);
            }
        }

        writer.End(end);
        await FlushAsync(cancellationToken);
    }

    /// <summary>Gives each lane its next item, and lets go of those that are over.</summary>
    private void Refill()
    {
        while (_joining.TryDequeue(out var joining))
        {
            _lanes.Add(joining);
        }

        for (var index = _lanes.Count - 1; index >= 0; index--)
        {
            if (!_lanes[index].Refill())
            {
                _lanes.RemoveAt(index);
            }
        }
    }

    private void TellCaughtUp()
    {
        if (!_caughtUp && _lanes.TrueForAll(lane => !lane.InPast))
        {
            _caughtUp = true;
            if (follow)
            {
                writer.CaughtUp();
            }
        }
    }

    /// <summary>The lane whose turn it is; null where one has to wait, and for how long at most.</summary>
    private Lane? Next(out TimeSpan wait)
    {
        wait = Heartbeat;
        Lane? oldest = null;
        var missing = false;
        foreach (var lane in _lanes)
        {
            if (!_caughtUp && !lane.InPast)
            {
                continue; // Live lines come after everybody's past.
            }

            if (!lane.HasItem)
            {
                missing = true;
            }
            else if (oldest is null || lane.At < oldest.At)
            {
                oldest = lane;
            }
        }

        if (oldest is null || !missing)
        {
            return oldest;
        }

        if (!_caughtUp)
        {
            return null;
        }

        wait = Reordering - time.GetElapsedTime(oldest.HandedAt);
        return wait <= TimeSpan.Zero ? oldest : null;
    }

    /// <summary>The oldest that any other lane shows: until there, one lane can be written in one go.</summary>
    private LogTime OthersAt(Lane lane)
    {
        var at = new LogTime(long.MaxValue);
        foreach (var other in _lanes)
        {
            if (other != lane && other.HasItem && (_caughtUp || other.InPast) && other.At < at)
            {
                at = other.At;
            }
        }

        return at;
    }

    private void Write(Lane lane, LogTime until)
    {
        if (lane.TakeMark() is { } mark)
        {
            writer.Mark(mark);
            return;
        }

        while (lane.HasItem && lane.At <= until && !writer.IsDue)
        {
            var line = lane.Line;
            if (Skip > 0 && !_caughtUp)
            {
                Skip--;
            }
            else
            {
                writer.Line(lane.Feed, line, lane.TextOf(line));
            }

            lane.Advance();
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (writer.Bytes > 0)
        {
            streams.Sent(writer.Lines, writer.Bytes);
            _sentBytes += writer.Bytes;
            await writer.FlushAsync(cancellationToken);
            _flushedAt = time.GetTimestamp();
        }
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        var beat = Heartbeat - time.GetElapsedTime(_flushedAt);
        if (beat <= TimeSpan.Zero)
        {
            writer.Heartbeat();
            return;
        }

        using var pause = new CancellationTokenSource(wait < beat ? wait : beat, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, cancellationToken);
        try
        {
            await _wake.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The pause is over: look again.
        }
    }

    /// <summary>One container's place in the merge: the item it shows, and how far it is read.</summary>
    private sealed class Lane(LogFeed feed, bool inPast)
    {
        private FeedItem _item;
        private int _index;

        public LogFeed Feed => feed;

        /// <summary>True until its past is told.</summary>
        public bool InPast { get; private set; } = inPast;

        public bool HasItem { get; private set; }

        public long HandedAt => _item.HandedAt;

        public LogTime At => _item.Batch is null ? _item.MarkedAt : Line.At;

        public BatchedLine Line => _item.Batch!.Lines[_index];

        public ReadOnlySpan<byte> TextOf(BatchedLine line) => _item.Batch!.TextOf(line);

        /// <summary>False once there is nothing more to come.</summary>
        public bool Refill()
        {
            while (!HasItem && feed.TryRead(out _item))
            {
                (HasItem, _index) = (!_item.IsCaughtUp, 0);
                InPast &= HasItem; // What comes after it is shown, and waits until all are so far.
            }

            return HasItem || !feed.IsOver;
        }

        public LogMark? TakeMark()
        {
            HasItem &= _item.Mark is null;
            return _item.Mark;
        }

        public void Advance()
        {
            if (++_index == _item.Batch!.Lines.Count)
            {
                HasItem = false;
                feed.Return(_item.Batch);
                _item = default;
            }
        }
    }
}
