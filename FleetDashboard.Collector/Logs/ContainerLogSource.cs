using FleetDashboard.Collector.Engine;
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
/// <param name="firstMark">What its first start is called where it came while others were read already; null for one that was
/// there.</param>
/// <param name="feed">Takes what is read.</param>
/// <param name="ways">Where it is read from.</param>
internal sealed class ContainerLogSource(LogMember member, LogRequest question, string? firstMark, LogFeed feed, LogDependencies ways)
{
    /// <summary>
    /// So many of the newest messages surely hold what came between two answers, unless it poured; then all is looked through.
    /// </summary>
    private const int SeamMessages = 10_000;

    private static readonly TimeSpan ShortestBackOff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);

    /// <summary>So long the engine may be away before a stream ends for it.</summary>
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(10);

    private readonly LogReading _reading = new(member, feed, ways);
    private readonly LogRunWatch _watch = new(member.Id, ways);
    private LogStart? _start;
    private LogEnd? _failure;
    private bool _endTold;

    public LogMember Member => member;

    public LogFeed Feed => feed;

    /// <summary>The lines of the past that will come at least; 0 before <see cref="FindAsync"/> and where all are wanted.</summary>
    public long Found => _start?.Count ?? 0;

    /// <summary>Why it came to an end before its container did; null otherwise.</summary>
    public LogEnd? Failure => _failure ?? _reading.Refusal;

    /// <summary>True while its container does not run, or is gone.</summary>
    public bool IsDown => _endTold || feed.IsOver;

    /// <summary>
    /// Looks at the container and finds where its newest lines begin. Does not fail: <see cref="Failure"/> says what went wrong.
    /// </summary>
    public async Task FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            _reading.Facts = await ways.Engine.InspectAsync(member.Id, cancellationToken);
            if (_reading.Facts is not null && question.Tail > 0)
            {
                _start = await LogTail.FindAsync(_reading.OpenAsync, question, cancellationToken);
                _reading.EngineTime = _start?.EngineTime ?? ways.Time.GetUtcNow();
            }
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            _failure = new LogEnd(LogEndReasons.Engine, EngineFault.Describe(fault));
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
                await _reading.ReadAsync(
                    question.Window(_start?.Messages, _start?.Since ?? question.Since, follow: false),
                    _start?.First,
                    cancellationToken,
                    cancellationToken
                );
            }

            if (
                _reading.Facts is { FinishedAt: { } finished } facts
                && !IsUp(facts)
                && !(new LogTime(finished) < question.Since)
                && !(new LogTime(finished) > question.Until)
            )
            {
                await TellEndAsync(facts, cancellationToken);
            }
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            _failure = new LogEnd(LogEndReasons.Engine, EngineFault.Describe(fault));
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var (backOff, started) = (ShortestBackOff, firstMark is null ? _reading.Facts?.StartedAt : null);
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
                    await feed.MarkAsync(
                        Now(),
                        LogMarkKinds.Dropped,
                        "The engine answers again; the log goes on where it broke off.",
                        cancellationToken
                    );
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
                    await _watch.UntilStartAsync(facts, cancellationToken);
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
                    await feed.MarkAsync(Now(), LogMarkKinds.Dropped, EngineFault.Describe(fault) + " Trying again.", cancellationToken);
                }

                lostSince ??= ways.Time.GetUtcNow();
                if (ways.Time.GetUtcNow() - lostSince > GiveUpAfter)
                {
                    _failure = new LogEnd(
                        LogEndReasons.Engine,
                        $"The engine was away for {Format.RoughDuration(GiveUpAfter)}: open the log again when it is back."
                    );
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
        var watching = _watch.EndWithRunAsync(run, over);
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

    /// <summary>Reads on where the last answer ended; true where there was something new.</summary>
    private async Task<bool> ReadOnAsync(bool follow, CancellationToken reading, CancellationToken cancellationToken)
    {
        var before = _reading.Last;
        (int? Tail, LogTime? Since) from = (_reading.ResumeAt, _reading.EngineTime, firstMark) switch
        {
            ({ } resume, _, _) => (SeamMessages, resume),
            (_, null, not null) => (null, question.Since),
            // Not asked yet, since nothing of the past is wanted: the engine itself knows best what is new.
            (_, null, _) => (0, null),
            (_, { } asked, _) => (SeamMessages, new LogTime(asked) < question.Since ? question.Since : new LogTime(asked)),
        };
        await _reading.ReadAsync(
            new LogWindow(question.Stdout, question.Stderr, from.Tail, from.Since, null, follow),
            _reading.Last,
            reading,
            cancellationToken
        );
        return _reading.Last != before;
    }

    private async Task TellEndAsync(ContainerFacts facts, CancellationToken cancellationToken)
    {
        _endTold = true;
        var memory = facts.OomKilled ? ", out of memory" : "";
        // What it printed last may reach the log after its end.
        var at = new LogTime(facts.FinishedAt!.Value);
        await feed.MarkAsync(
            _reading.Last > at ? _reading.Last.Value : at,
            LogMarkKinds.Ended,
            $"ended with exit code {Format.ExitCode(facts.ExitCode)}{memory}",
            cancellationToken
        );
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

    private LogTime Now() => new(ways.Time.GetUtcNow());

    private static TimeSpan Longer(TimeSpan backOff) => backOff * 2 < LongestBackOff ? backOff * 2 : LongestBackOff;
}
