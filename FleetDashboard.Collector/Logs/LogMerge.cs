using System.Collections.Concurrent;
using System.Threading.Channels;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;
using FleetDashboard.Contracts.Logs;

namespace FleetDashboard.Collector.Logs;

/// <summary>
/// Merges the logs of several containers by time. Past lines are merged exactly: a line is sent once the next line of every container is
/// available. Live lines wait a moment for older lines of other containers. The caller's reading speed limits the merge.
/// </summary>
internal sealed class LogMerge(LogWriter writer, bool follow, long maxBytes, LogStreams streams, TimeProvider time)
{
    /// <summary>How long a live line waits for an older line of another container.</summary>
    private static readonly TimeSpan Reordering = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(CollectorRoutes.HeartbeatSeconds);

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private readonly ConcurrentQueue<MergeLane> _joining = new();
    private readonly List<MergeLane> _lanes = [];
    private LogEnd? _end;
    private long _sentBytes;
    private long _flushedAt = time.GetTimestamp();
    private bool _caughtUp;

    /// <summary>Every feed signals this when it has something.</summary>
    public ChannelWriter<bool> Wake => _wake.Writer;

    /// <summary>How many of the oldest past lines to skip. Set before the first line arrives.</summary>
    public long Skip { get; set; }

    /// <param name="feed">The container's lines.</param>
    /// <param name="withPast">Whether its past lines were requested.</param>
    public void Join(LogFeed feed, bool withPast)
    {
        _joining.Enqueue(new MergeLane(feed, withPast));
        Wake.TryWrite(true);
    }

    /// <summary>No more containers will join. When all feeds are complete, this end is sent.</summary>
    public void End(LogEnd end)
    {
        Volatile.Write(ref _end, end);
        Wake.TryWrite(true);
    }

    /// <summary>Runs until everything is sent, the byte limit is reached, or the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        writer.Begin();
        LogEnd? end;
        while (true)
        {
            // Read the end before the lanes, so that every container that joined before it is included.
            end = Volatile.Read(ref _end);
            Refill();
            SendCaughtUp();
            if (Next(out var wait) is { } lane)
            {
                Write(lane, OthersAt(lane));
                if (_sentBytes + writer.Bytes > maxBytes)
                {
                    end = new LogEnd(
                        LogEndReasons.Cap,
                        $"This stream has sent {maxBytes >> 20} MiB, the limit for one stream (Logs:MaxBytesPerStream). "
                            + "Request it again from the last line on, or request less."
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

    /// <summary>Loads the next item of each lane, and removes completed lanes.</summary>
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

    private void SendCaughtUp()
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

    /// <summary>The lane to write next. Null if the merge must wait, and for how long at most.</summary>
    private MergeLane? Next(out TimeSpan wait)
    {
        wait = Heartbeat;
        MergeLane? oldest = null;
        var missing = false;
        foreach (var lane in _lanes)
        {
            if (!_caughtUp && !lane.InPast)
            {
                continue; // live lines come after the past of all containers
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

    /// <summary>The oldest time of all other lanes. Up to that time, one lane can be written without comparing.</summary>
    private LogTime OthersAt(MergeLane lane)
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

    private void Write(MergeLane lane, LogTime until)
    {
        if (lane.DequeueMark() is { } mark)
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
            // The pause is over. Check again.
        }
    }

    /// <summary>One container in the merge: its current item, and how far it was read.</summary>
    private sealed class MergeLane(LogFeed feed, bool inPast)
    {
        private FeedItem _item;
        private int _index;

        public LogFeed Feed => feed;

        /// <summary>Whether its past is still being sent.</summary>
        public bool InPast { get; private set; } = inPast;

        public bool HasItem { get; private set; }

        public long HandedAt => _item.HandedAt;

        public LogTime At => _item.Batch is null ? _item.MarkedAt : Line.At;

        public BatchedLine Line => _item.Batch!.Lines[_index];

        public ReadOnlySpan<byte> TextOf(BatchedLine line) => _item.Batch!.TextOf(line);

        /// <summary>False when the lane is complete.</summary>
        public bool Refill()
        {
            while (!HasItem && feed.TryRead(out _item))
            {
                (HasItem, _index) = (!_item.IsCaughtUp, 0);
                InPast &= HasItem; // later items wait until the past of all containers was sent
            }

            return HasItem || !feed.IsOver;
        }

        public LogMark? DequeueMark()
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
