using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Contracts;
using FleetDashboard.Contracts.Logs;

namespace FleetDashboard.Collector.Logs;

/// <summary>A container whose log is read.</summary>
internal sealed record LogMember(string Id, string Name, string App, string Service);

/// <summary>
/// Reads one container's log: what was asked for of the past, then what it prints, over its restarts and the engine's, until it is removed.
/// Each answer of the engine joins the one before without a gap.
/// </summary>
/// <param name="member">The container.</param>
/// <param name="question">What is wanted of it.</param>
/// <param name="firstMark">What its first start is called where it came while others were read already; null for one that was there.</param>
/// <param name="feed">Takes what is read.</param>
/// <param name="ways">Where it is read from.</param>
internal sealed class LogSource(LogMember member, LogQuestion question, string? firstMark, LogFeed feed, LogWays ways)
{
    /// <summary>So many of the newest messages surely hold what came between two answers, unless it poured; then all is looked through.</summary>
    private const int SeamMessages = 10_000;

    private static readonly TimeSpan ShortestBackOff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);

    /// <summary>So long after the end of a run its answer has time to end by itself.</summary>
    private static readonly TimeSpan EngineEndsWithin = TimeSpan.FromSeconds(1);

    /// <summary>So long the engine may be away before a stream ends for it.</summary>
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(10);

    /// <summary>The longest without a look at the container while it is down, in case its start was missed.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private readonly LogSeam _seam = new();
    private ContainerFacts? _facts;
    private LogStart? _start;
    private DateTimeOffset? _engineTime;
    private bool _endTold;

    public LogMember Member => member;

    public LogFeed Feed => feed;

    /// <summary>The lines of the past that will come at least; 0 before <see cref="FindAsync"/> and where all are wanted.</summary>
    public long Found => _start?.Count ?? 0;

    /// <summary>Why it came to an end before its container did; null otherwise.</summary>
    public LogEnd? Failure { get; private set; }

    /// <summary>True while its container does not run, or is gone.</summary>
    public bool IsDown => _endTold || feed.IsOver;

    /// <summary>Looks at the container and finds where its newest lines begin. Does not fail: <see cref="Failure"/> says what went wrong.</summary>
    public async Task FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            _facts = await ways.Engine.InspectAsync(member.Id, cancellationToken);
            if (_facts is not null && question.Tail > 0)
            {
                (_start, var closed) = await LogTail.FindAsync(OpenAsync, question, cancellationToken);
                _engineTime = _start?.EngineTime ?? ways.Time.GetUtcNow();
                TakeRefusal(closed);
            }
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            Failure = new LogEnd(LogEndReasons.Engine, ways.Describe(fault));
        }
    }

    /// <summary>Hands on all there is; ends with its container or its token.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            // One that joins is told to have started before its first line: all it printed is read with what follows.
            if (Failure is null && firstMark is null)
            {
                await ReadPastAsync(cancellationToken);
            }

            await TellFailureAsync(cancellationToken);
            await feed.CaughtUpAsync(cancellationToken);
            if (question.Follow && Failure is null)
            {
                await FollowAsync(cancellationToken);
                await TellFailureAsync(cancellationToken);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The reader left: whatever broke on the way down does not matter.
        }
        finally
        {
            feed.Complete();
        }
    }

    private static bool IsUp(ContainerFacts facts) => facts.State is "running" or "paused";

    private async Task ReadPastAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (question.Tail is null || _start is { Count: > 0 })
            {
                await ReadAsync(question.Window(_start?.Messages, _start?.Since ?? question.Since, follow: false), _start?.First, cancellationToken, cancellationToken);
            }

            if (_facts is { FinishedAt: { } finished } facts && !IsUp(facts)
                && !(new LogTime(finished) < question.Since) && !(new LogTime(finished) > question.Until))
            {
                await TellEndAsync(facts, cancellationToken);
            }
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            Failure = new LogEnd(LogEndReasons.Engine, ways.Describe(fault));
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var (backOff, started) = (ShortestBackOff, firstMark is null ? _facts?.StartedAt : null);
        DateTimeOffset? lostSince = null;
        while (Failure is null)
        {
            try
            {
                if (await ways.Engine.InspectAsync(member.Id, cancellationToken) is not { } facts)
                {
                    await feed.MarkAsync(Now(), LogMarkKinds.Removed, "removed", cancellationToken);
                    return;
                }

                if (lostSince is not null)
                {
                    await feed.MarkAsync(Now(), LogMarkKinds.Dropped, "The engine answers again; the log goes on where it broke off.", cancellationToken);
                    (lostSince, backOff) = (null, ShortestBackOff);
                }

                if (facts.StartedAt is { } start && start != started)
                {
                    await TellStartAsync(start, first: started is null, cancellationToken);
                    (started, backOff) = (start, ShortestBackOff);
                }

                if (!IsUp(facts))
                {
                    await FinishRunAsync(facts, cancellationToken);
                    await WaitForStartAsync(facts, cancellationToken);
                    await Task.Delay(ShortestBackOff, ways.Time, cancellationToken); // The snapshot may be behind what was just asked.
                }
                else if (await ReadRunAsync(facts, cancellationToken))
                {
                    backOff = ShortestBackOff;
                }
                else
                {
                    // It ended with nothing new while the container is said to run: mostly that is about to change.
                    await Task.Delay(backOff, ways.Time, cancellationToken);
                    backOff = Longer(backOff);
                }
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
            {
                if (lostSince is null)
                {
                    await feed.MarkAsync(Now(), LogMarkKinds.Dropped, ways.Describe(fault) + " Trying again.", cancellationToken);
                }

                lostSince ??= ways.Time.GetUtcNow();
                if (ways.Time.GetUtcNow() - lostSince > GiveUpAfter)
                {
                    Failure = new LogEnd(LogEndReasons.Engine, $"The engine was away for {Words.Span(GiveUpAfter)}: open the log again when it is back.");
                    return;
                }

                await Task.Delay(backOff, ways.Time, cancellationToken);
                backOff = Longer(backOff);
            }
        }
    }

    // The engine ends an answer when it hears of the end, which may be before it has read the last lines.
    private async Task FinishRunAsync(ContainerFacts facts, CancellationToken cancellationToken)
    {
        if (!_endTold)
        {
            await ReadOnAsync(follow: false, cancellationToken, cancellationToken);
            if (Failure is null && facts.FinishedAt is not null)
            {
                await TellEndAsync(facts, cancellationToken);
            }
        }
    }

    /// <summary>Reads on until the run is over; true where there was something new, or the run is known to be over.</summary>
    private async Task<bool> ReadRunAsync(ContainerFacts run, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = EndWithRunAsync(run, over);
        try
        {
            return await ReadOnAsync(follow: true, over.Token, cancellationToken);
        }
        catch (Exception) when (over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return true;
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
    }

    // An answer may outlive the run it was opened in, and then never ends nor tells of more (seen on 20.10 after a restart).
    private async Task EndWithRunAsync(ContainerFacts run, CancellationTokenSource over)
    {
        try
        {
            await foreach (var published in ways.Store.WatchAsync(LookAgain, over.Token))
            {
                var now = Find(published?.Snapshot);
                if (now?.StartedAt > run.StartedAt)
                {
                    break;
                }

                if (published is not null && (now is null || now.FinishedAt > run.StartedAt))
                {
                    await Task.Delay(EngineEndsWithin, ways.Time, over.Token); // Mostly it ends by itself, and has told all.
                    break;
                }
            }

            await over.CancelAsync();
        }
        catch (Exception) when (over.IsCancellationRequested)
        {
            // The answer ended first.
        }
    }

    private ContainerSnapshot? Find(FleetSnapshot? fleet) =>
        fleet?.Apps.SelectMany(app => app.Containers).FirstOrDefault(container => container.Id == member.Id);

    /// <summary>Reads on where the last answer ended; true where there was something new.</summary>
    private async Task<bool> ReadOnAsync(bool follow, CancellationToken reading, CancellationToken cancellationToken)
    {
        var before = _seam.Last;
        (int? Tail, LogTime? Since) from = (_seam.ResumeAt, _engineTime, firstMark) switch
        {
            ({ } resume, _, _) => (SeamMessages, resume),
            (_, null, not null) => (null, question.Since),
            // Not asked yet, since nothing of the past is wanted: the engine itself knows best what is new.
            (_, null, _) => (0, null),
            (_, { } asked, _) => (SeamMessages, new LogTime(asked) < question.Since ? question.Since : new LogTime(asked)),
        };
        await ReadAsync(new LogWindow(question.Stdout, question.Stderr, from.Tail, from.Since, null, follow), _seam.Last, reading, cancellationToken);
        return _seam.Last != before;
    }

    /// <param name="window">What to ask for.</param>
    /// <param name="expected">The first line must not be newer than this; else the window began too late.</param>
    /// <param name="reading">Ends the reading; what was read is still handed on.</param>
    /// <param name="cancellationToken">Ends all.</param>
    private async Task ReadAsync(LogWindow window, LogTime? expected, CancellationToken reading, CancellationToken cancellationToken)
    {
        var opening = await OpenAsync(window, reading);
        TakeRefusal(opening);
        if (opening is not LogOpening.Opened { Stream: var stream })
        {
            return;
        }

        using (stream)
        {
            _engineTime ??= stream.Date ?? ways.Time.GetUtcNow();
            _seam.Begin();
            var (first, more) = (true, true);
            while (more)
            {
                var batch = await feed.RentAsync(cancellationToken);
                try
                {
                    more = await stream.Reader.FillAsync(batch, reading);
                    if (first && batch.Lines is [var line, ..])
                    {
                        first = false;
                        if (line.At > expected && window.Tail is not null)
                        {
                            break;
                        }

                        if (line.At > expected)
                        {
                            await feed.MarkAsync(line.At, LogMarkKinds.Dropped, "The log was rotated faster than it was read: lines before this one may be missing.", cancellationToken);
                        }
                    }

                    _seam.Apply(batch, window.Follow ? Now() : null);
                    if (batch.Lines.Count > 0)
                    {
                        await feed.SendAsync(batch, cancellationToken);
                        batch = null;
                    }
                }
                finally
                {
                    if (batch is not null)
                    {
                        feed.Return(batch);
                    }
                }
            }

            if (!more || first)
            {
                return;
            }
        }

        // The window began too late: more was printed meanwhile than it holds. Without a tail the engine looks through all of the log.
        await ReadAsync(window with { Tail = null }, expected, reading, cancellationToken);
    }

    private async Task TellEndAsync(ContainerFacts facts, CancellationToken cancellationToken)
    {
        _endTold = true;
        var memory = facts.OomKilled ? ", out of memory" : "";
        // What it printed last may reach the log after its end.
        var at = new LogTime(facts.FinishedAt!.Value);
        await feed.MarkAsync(_seam.Last > at ? _seam.Last.Value : at, LogMarkKinds.Ended, $"ended with exit code {Words.Exit(facts.ExitCode)}{memory}", cancellationToken);
    }

    private ValueTask TellStartAsync(DateTimeOffset start, bool first, CancellationToken cancellationToken)
    {
        var (kind, text) = (first, firstMark, _endTold) switch
        {
            (true, LogMarkKinds.Recreated, _) => (LogMarkKinds.Recreated, "recreated: this is another container now"),
            (true, _, _) or (_, _, true) => (LogMarkKinds.Started, "started"),
            _ => (LogMarkKinds.Restarted, "restarted"),
        };
        _endTold = false;
        return feed.MarkAsync(new LogTime(start), kind, text, cancellationToken);
    }

    private async Task TellFailureAsync(CancellationToken cancellationToken)
    {
        if (Failure is { } failure)
        {
            var kind = failure.Reason == LogEndReasons.Engine ? LogMarkKinds.Dropped : LogMarkKinds.Unreadable;
            await feed.MarkAsync(Now(), kind, failure.Text, cancellationToken);
        }
    }

    /// <summary>Until the snapshot tells of another run, or of none any more.</summary>
    private async Task WaitForStartAsync(ContainerFacts down, CancellationToken cancellationToken)
    {
        await foreach (var published in ways.Store.WatchAsync(LookAgain, cancellationToken))
        {
            var now = Find(published?.Snapshot);
            if (now is null || (now.StartedAt != down.StartedAt && now.State is "running" or "paused"))
            {
                return;
            }
        }
    }

    private Task<LogOpening> OpenAsync(LogWindow window, CancellationToken cancellationToken) =>
        ways.Logs.OpenAsync(member.Id, _facts?.Terminal ?? false, window, cancellationToken);

    private void TakeRefusal(LogOpening? opening)
    {
        if (opening is LogOpening.Refused)
        {
            var driver = _facts?.LogDriver is { Length: > 0 } name ? $"the log driver '{name}'" : "a log driver that cannot be read";
            Failure = new LogEnd(
                LogEndReasons.Finished, $"{member.Name} uses {driver}, and the engine keeps nothing to read. Look where that driver sends its lines, or recreate the container with json-file, local or journald.");
        }
    }

    private LogTime Now() => new(ways.Time.GetUtcNow());

    private static TimeSpan Longer(TimeSpan backOff) => backOff * 2 < LongestBackOff ? backOff * 2 : LongestBackOff;
}
