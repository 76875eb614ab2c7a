using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Logs;

/// <summary>Where the newest lines of one container's log start.</summary>
/// <param name="Since">The start time to request, inclusive. Null for the beginning of the log.</param>
/// <param name="First">The time of the first line. Null if there are no lines.</param>
/// <param name="Count">The number of lines from there on: at least the requested number.</param>
/// <param name="Messages">The number of engine messages that contain them. Null for all.</param>
/// <param name="EngineTime">When the engine was asked, by its own clock.</param>
internal sealed record LogStart(LogTime? Since, LogTime? First, long Count, int? Messages, DateTimeOffset? EngineTime);

/// <summary>
/// Finds the newest lines. The engine's tail counts messages, of which a long line is several, and counts before it filters by stream and
/// time. The log is therefore counted in windows that grow backwards. Nothing is kept, no matter how many lines are requested. The lines
/// are then read in a second pass.
/// </summary>
internal static class LogTail
{
    private const int Growth = 8;

    /// <summary>A window of more messages than this is replaced by the whole log.</summary>
    private const int LargestWindow = 4_000_000;

    /// <summary>
    /// How many messages may be added between the two passes. More than that leaves a gap, which is detected and read again.
    /// </summary>
    private const int Slack = 10_000;

    /// <param name="open">Opens the log at the engine.</param>
    /// <param name="request">The request. Its tail is at least 1.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <returns>The start. Null if the engine did not open the log.</returns>
    public static async Task<LogStart?> FindAsync(
        Func<LogWindow, CancellationToken, Task<LogOpening>> open,
        LogRequest request,
        CancellationToken cancellationToken
    )
    {
        var wanted = request.Tail ?? throw new ArgumentException("All lines need no start.", nameof(request));
        for (long window = wanted + 1; ; window *= Growth)
        {
            int? tail = window > LargestWindow ? null : (int)window;
            var opening = await open(request.Window(tail, request.Since, follow: false), cancellationToken);
            if (opening is not LogOpening.Opened { Stream: { } stream })
            {
                return null;
            }

            using (stream)
            {
                var count = await CountAsync(stream.Reader, cancellationToken);
                if (tail is null || (!request.IsFiltered && stream.Reader.Messages < tail))
                {
                    return new LogStart(request.Since, count.First, count.All, tail + Slack, stream.Date);
                }

                // The window's first line may be the end of a long line, so it is skipped with all lines of the same time.
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

    /// <summary>The number of lines, and of those from the second distinct time on.</summary>
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
