using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Logs;

/// <summary>
/// Where one answer of the engine ends and the next begins: nothing lost, nothing doubled. Remembers the last lines that were handed on;
/// the
/// next answer is asked for from a little before them, since lines of both outputs may be stored out of order, and what was handed on is
/// skipped.
/// </summary>
internal sealed class LogSeam
{
    private const int Capacity = 1024;

    /// <summary>Lines are stored no further out of order than this.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(1);

    private readonly Queue<Sent> _sent = new();
    private readonly Dictionary<Sent, int> _expected = [];
    private LogTime? _forgotten;
    private LogTime? _againUntil;
    private bool _first;
    private bool _isRepeating;

    /// <summary>The newest time that was handed on; null before the first line.</summary>
    public LogTime? Last { get; private set; }

    /// <summary>From when on the next answer has to be asked for; null before the first line.</summary>
    public LogTime? ResumeAt =>
        Last is not { } last
            ? null
            : Later(last.Add(-Overlap), _forgotten is { } forgotten ? new LogTime(forgotten.Nanoseconds + 1) : null);

    /// <summary>
    /// <see cref="ResumeAt"/>, but a moment before the engine's present where that lies ahead of it. A line that is stamped an hour ahead
    /// is no reason to leave out what
    /// is printed until then: the engine leaves out all that is older than what is asked for.
    /// </summary>
    /// <param name="now">The engine's clock.</param>
    public LogTime? ResumeBy(LogTime now) => ResumeAt is { } at && at > now ? now.Add(-Overlap) : ResumeAt;

    /// <summary>An answer begins.</summary>
    /// <param name="from">From when on it was asked for; null for <see cref="ResumeAt"/>.</param>
    public void Begin(LogTime? from = null)
    {
        _first = true;
        _againUntil = null;
        _expected.Clear();
        _isRepeating = from < ResumeAt;
        from ??= ResumeAt;
        foreach (var sent in _sent.Where(sent => sent.At >= from))
        {
            _expected[sent] = _expected.GetValueOrDefault(sent) + 1;
        }
    }

    /// <summary>Takes out what was handed on before, and remembers the rest.</summary>
    /// <param name="batch">Lines as they came.</param>
    /// <param name="now">While following: what is much older than the newest line and than this is no news. Null for the past.</param>
    public void Apply(LogBatch batch, LogTime? now)
    {
        var (lines, kept) = (batch.Lines, 0);
        for (var index = 0; index < lines.Count; index++)
        {
            var line = lines[index];
            if (!IsAgain(line.At, now) && !IsKnown(line, batch.TextOf(line), now))
            {
                lines[kept++] = line;
            }
        }

        lines.RemoveRange(kept, lines.Count - kept);
    }

    /// <summary>
    /// After a rotation the engine may read a whole file once more (seen on 20.10, where a reader is slow). A clock that was set back looks
    /// alike, but then the lines are as new as that clock.
    /// </summary>
    private bool IsAgain(LogTime at, LogTime? now)
    {
        if (
            now is { } live
            && Last is { } last
            && at < last.Add(-Overlap)
            && _againUntil is null
            && !(_isRepeating && at > live.Add(Overlap))
        )
        {
            if (at < live.Add(-Overlap))
            {
                Begin();
                _first = false;
                // Not beyond the present: what is printed from now on is no repetition, however far ahead the last line was stamped.
                _againUntil = ResumeBy(live);
            }
            else
            {
                (Last, _forgotten) = (null, null);
                _sent.Clear();
            }
        }

        if (at < _againUntil)
        {
            return true;
        }

        _againUntil = null;
        return false;
    }

    private bool IsKnown(BatchedLine line, ReadOnlySpan<byte> text, LogTime? now)
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

            // An answer may begin in the middle of a long line, which the engine keeps in pieces.
            if (first && _expected.Keys.Any(known => known.At == line.At && known.IsError == line.IsError))
            {
                return true;
            }
        }

        // Of many lines that are stamped ahead, those that are no longer remembered come again as well. The first that is stamped by now is
        // new.
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
