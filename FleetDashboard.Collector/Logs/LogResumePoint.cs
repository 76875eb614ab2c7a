using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Logs;

/// <summary>
/// Continues one response of the engine with the next, without gaps or duplicates. It remembers the last lines that were sent. The next
/// response is requested from a little before them, because lines of both outputs may be stored out of order, and lines already sent are
/// skipped.
/// </summary>
internal sealed class LogResumePoint
{
    private const int Capacity = 1024;

    /// <summary>The most by which stored lines are out of order.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(1);

    private readonly Queue<Sent> _sent = new();
    private readonly Dictionary<Sent, int> _expected = [];
    private LogTime? _forgotten;
    private LogTime? _rereadUntil;
    private bool _first;
    private bool _isRepeating;

    /// <summary>The newest time that was sent. Null before the first line.</summary>
    public LogTime? Last { get; private set; }

    /// <summary>The start time for the next request. Null before the first line.</summary>
    public LogTime? ResumeAt =>
        Last is not { } last
            ? null
            : Later(last.Add(-Overlap), _forgotten is { } forgotten ? new LogTime(forgotten.Nanoseconds + 1) : null);

    /// <summary>
    /// <see cref="ResumeAt"/>, but no later than just before the engine's current time. If a line has a timestamp an hour ahead, requesting
    /// from that time would skip everything printed until then.
    /// </summary>
    /// <param name="now">The engine's clock.</param>
    public LogTime? ResumeBy(LogTime now) => ResumeAt is { } at && at > now ? now.Add(-Overlap) : ResumeAt;

    /// <summary>Starts a new response.</summary>
    /// <param name="from">The start time of its request. Null for <see cref="ResumeAt"/>.</param>
    public void Begin(LogTime? from = null)
    {
        _first = true;
        _rereadUntil = null;
        _expected.Clear();
        _isRepeating = from < ResumeAt;
        from ??= ResumeAt;
        foreach (var sent in _sent.Where(sent => sent.At >= from))
        {
            _expected[sent] = _expected.GetValueOrDefault(sent) + 1;
        }
    }

    /// <summary>Removes lines that were already sent, and remembers the remaining ones.</summary>
    /// <param name="batch">Lines as received.</param>
    /// <param name="now">The current time while following: lines much older than the newest line and than this time are duplicates. Null
    /// for past lines.</param>
    public void Apply(LogBatch batch, LogTime? now)
    {
        var (lines, kept) = (batch.Lines, 0);
        for (var index = 0; index < lines.Count; index++)
        {
            var line = lines[index];
            if (!IsRereadFile(line.At, now) && !WasSent(line, batch.TextOf(line), now))
            {
                lines[kept++] = line;
            }
        }

        lines.RemoveRange(kept, lines.Count - kept);
    }

    /// <summary>
    /// After a log rotation the engine may read a whole file again (seen on Docker 20.10 with a slow reader). A clock that was set back
    /// looks similar, but its lines are as new as the clock.
    /// </summary>
    private bool IsRereadFile(LogTime at, LogTime? now)
    {
        if (
            now is { } live
            && Last is { } last
            && at < last.Add(-Overlap)
            && _rereadUntil is null
            && !(_isRepeating && at > live.Add(Overlap))
        )
        {
            if (at < live.Add(-Overlap))
            {
                Begin();
                _first = false;
                // Not later than now: what is printed from now on is not a duplicate, even if the last line has a timestamp in the future.
                _rereadUntil = ResumeBy(live);
            }
            else
            {
                (Last, _forgotten) = (null, null);
                _sent.Clear();
            }
        }

        if (at < _rereadUntil)
        {
            return true;
        }

        _rereadUntil = null;
        return false;
    }

    private bool WasSent(BatchedLine line, ReadOnlySpan<byte> text, LogTime? now)
    {
        var hash = new HashCode();
        hash.AddBytes(text);
        var sent = new Sent(line.At, line.IsError, hash.ToHashCode());
        var first = _first;
        _first = false;
        if (_expected.Count > 0)
        {
            if (_expected.TryGetValue(sent, out var count))
            {
                if (count > 1)
                {
                    _expected[sent] = count - 1;
                }
                else
                {
                    _expected.Remove(sent);
                }

                return true;
            }

            // A response may start in the middle of a long line, which the engine stores in pieces.
            if (first && _expected.Keys.Any(known => known.At == line.At && known.IsError == line.IsError))
            {
                return true;
            }
        }

        // If many lines have timestamps in the future, those no longer remembered arrive again too. The first line with a timestamp up to
        // now is new.
        if (_isRepeating && now is { } live)
        {
            _isRepeating = line.At > live.Add(Overlap);
            if (_isRepeating && line.At <= _forgotten)
            {
                return true;
            }
        }

        Remember(sent);
        return false;
    }

    private void Remember(Sent sent)
    {
        if (_sent.Count == Capacity)
        {
            _forgotten = Later(_sent.Dequeue().At, _forgotten);
        }

        _sent.Enqueue(sent);
        Last = Later(sent.At, Last);
    }

    private static LogTime Later(LogTime one, LogTime? other) => other is { } time && time > one ? time : one;

    private readonly record struct Sent(LogTime At, bool IsError, int Hash);
}
