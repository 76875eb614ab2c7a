using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Logs;

/// <summary>Where the newest lines of one container's log begin.</summary>
/// <param name="Since">From when on to ask for them, inclusive; null for the beginning.</param>
/// <param name="First">The time of the first of them; null where there is none.</param>
/// <param name="Count">How many there are from there on; as many as were asked for, or more.</param>
/// <param name="Messages">So many of the engine's messages hold them; null for all.</param>
/// <param name="EngineTime">When the engine was asked, by its own clock.</param>
internal sealed record LogStart(LogTime? Since, LogTime? First, long Count, int? Messages, DateTimeOffset? EngineTime);

/// <summary>
/// Finds the newest lines. The engine's own tail counts messages, of which a long line is several, and counts before it leaves out the
/// other
/// stream or what is too new. So the log is looked at in windows that grow backwards, and only counted: nothing is kept, however many lines
/// are wanted. They are read from what was found in a second pass.
/// </summary>
internal static class LogTail
{
    private const int Growth = 8;

    /// <summary>A window beyond so many messages is the whole log.</summary>
    private const int LargestWindow = 4_000_000;

    /// <summary>The log may grow by so many messages between the two passes; what is beyond shows as a gap and is read anew.</summary>
    private const int Slack = 10_000;

    /// <param name="open">Asks the engine.</param>
    /// <param name="question">What is wanted; its tail is at least 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The start; null where the engine did not open the log.</returns>
    public static async Task<LogStart?> FindAsync(
        Func<LogWindow, CancellationToken, Task<LogOpening>> open,
        LogRequest question,
        CancellationToken cancellationToken
    )
    {
        var wanted = question.Tail ?? throw new ArgumentException("All lines need no start.", nameof(question));
        for (long window = wanted + 1; ; window *= Growth)
        {
            int? tail = window > LargestWindow ? null : (int)window;
            var opening = await open(question.Window(tail, question.Since, follow: false), cancellationToken);
            if (opening is not LogOpening.Opened { Stream: { } stream })
            {
                return null;
            }

            using (stream)
            {
                var count = await CountAsync(stream.Reader, cancellationToken);
                if (tail is null || (!question.IsFiltered && stream.Reader.Messages < tail))
                {
                    return new LogStart(question.Since, count.First, count.All, tail + Slack, stream.Date);
                }

                // The window's first line may be the end of a long one: it is left out, with all that carry its time.
                if (count.AfterFirst >= wanted)
                {
                    return new LogStart(count.Second, count.Second, count.AfterFirst, tail + Slack, stream.Date);
                }
            }
        }
    }

    private static async Task<LineCount> CountAsync(LogLineReader reader, CancellationToken cancellationToken)
    {
        using var batch = new LogBatch();
        var count = default(LineCount);
        bool more;
        do
        {
            batch.Clear();
            more = await reader.FillAsync(batch, cancellationToken);
            foreach (var line in batch.Lines)
            {
                count = count.With(line.At);
            }
        } while (more);

        return count;
    }

    /// <summary>Lines, and those of them that are not older than the first that is newer than the window's first.</summary>
    private readonly record struct LineCount(long All, LogTime? First, LogTime? Second, long AfterFirst)
    {
        public LineCount With(LogTime at)
        {
            var first = First ?? at;
            var second = Second ?? (at > first ? at : null);
            return new LineCount(All + 1, first, second, at >= second ? AfterFirst + 1 : AfterFirst);
        }
    }
}
