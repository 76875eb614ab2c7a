using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;
using FleetDashboard.Contracts.Logs;

namespace FleetDashboard.Collector.Logs;

/// <summary>A container whose log is read.</summary>
internal sealed record LogMember(string Id, string Name, string App, string Service);

/// <summary>
/// Reads one container's log: first the requested past, then new lines, across restarts of the container and the engine, until the
/// container is removed. Each response of the engine continues the previous one without gaps or duplicates.
/// </summary>
/// <param name="member">The container.</param>
/// <param name="request">What the caller requested.</param>
/// <param name="firstMark">The kind of the note for its first start, if it was started while the caller was already reading. Null for a
/// container that existed at the start.</param>
/// <param name="feed">Receives what is read.</param>
/// <param name="dependencies">What reading needs.</param>
internal sealed class ContainerLogSource(
    LogMember member,
    LogRequest request,
    string? firstMark,
    LogFeed feed,
    LogDependencies dependencies
)
{
    /// <summary>
    /// How many of the newest messages are read again after a response ended. They normally include everything printed in between. If they
    /// do not, the whole log is searched.
    /// </summary>
    private const int OverlapMessages = 10_000;

    private static readonly TimeSpan ShortestBackOff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);

    /// <summary>How long the engine may be unreachable before the stream ends.</summary>
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(10);

    private readonly LogReading _reading = new(member, feed, dependencies);
    private readonly LogRunWatch _watch = new(member.Id, dependencies);
    private LogStart? _start;
    private LogEnd? _failure;
    private bool _endNoted;

    public LogMember Member => member;

    public LogFeed Feed => feed;

    /// <summary>
    /// The minimum number of past lines that will be sent. 0 before <see cref="FindAsync"/> and if all lines are requested.
    /// </summary>
    public long Found => _start?.Count ?? 0;

    /// <summary>Why reading ended before the container was removed. Null otherwise.</summary>
    public LogEnd? Failure => _failure ?? _reading.Refusal;

    /// <summary>Whether the container is not running, or removed.</summary>
    public bool IsDown => _endNoted || feed.IsOver;

    /// <summary>
    /// Inspects the container and finds where its newest lines start. Never throws: <see cref="Failure"/> holds the error.
    /// </summary>
    public async Task FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            _reading.Facts = await dependencies.Engine.InspectAsync(member.Id, cancellationToken);
            if (_reading.Facts is not null && request.Tail > 0)
            {
                _start = await LogTail.FindAsync(_reading.OpenAsync, request, cancellationToken);
                _reading.EngineTime = _start?.EngineTime ?? dependencies.Time.GetUtcNow();
            }
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            _failure = new LogEnd(LogEndReasons.Engine, EngineFault.Describe(fault));
        }
    }

    /// <summary>Sends all lines to the feed. Ends when the container is removed or the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            // For a container that joins later, the note about its start comes before its first line. All its output is then read by
            // following.
            if (Failure is null && firstMark is null)
            {
                await ReadPastAsync(cancellationToken);
            }

            await NoteFailureAsync(cancellationToken);
            await feed.CaughtUpAsync(cancellationToken);
            if (request.Follow && Failure is null)
            {
                await FollowAsync(cancellationToken);
                await NoteFailureAsync(cancellationToken);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The caller disconnected, so errors while stopping do not matter.
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
            if (request.Tail is null || _start is { Count: > 0 })
            {
                await _reading.ReadAsync(
                    request.Window(_start?.Messages, _start?.Since ?? request.Since, follow: false),
                    _start?.First,
                    cancellationToken,
                    cancellationToken
                );
            }

            if (
                _reading.Facts is { FinishedAt: { } finished } facts
                && !IsUp(facts)
                && !(new LogTime(finished) < request.Since)
                && !(new LogTime(finished) > request.Until)
            )
            {
                await NoteEndAsync(facts, cancellationToken);
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
                if (await dependencies.Engine.InspectAsync(member.Id, cancellationToken) is not { } facts)
                {
                    await feed.MarkAsync(Now(), LogMarkKinds.Removed, "removed", cancellationToken);
                    return;
                }

                if (lostSince is not null)
                {
                    await feed.MarkAsync(
                        Now(),
                        LogMarkKinds.Dropped,
                        "The engine is reachable again. The log continues where it stopped.",
                        cancellationToken
                    );
                    (lostSince, backOff) = (null, ShortestBackOff);
                }

                if (facts.StartedAt is { } start && start != started)
                {
                    await NoteStartAsync(start, first: started is null, cancellationToken);
                    (started, backOff) = (start, ShortestBackOff);
                }

                if (!IsUp(facts))
                {
                    await FinishRunAsync(facts, cancellationToken);
                    await _watch.UntilStartAsync(facts, cancellationToken);
                    // The snapshot may be older than this inspection.
                    await Task.Delay(ShortestBackOff, dependencies.Time, cancellationToken);
                }
                else if (await ReadRunAsync(facts, cancellationToken))
                {
                    backOff = ShortestBackOff;
                }
                else
                {
                    // The response ended without new lines although the container is reported as running. Usually its state is about to
                    // change.
                    await Task.Delay(backOff, dependencies.Time, cancellationToken);
                    backOff = Longer(backOff);
                }
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
            {
                if (lostSince is null)
                {
                    await feed.MarkAsync(Now(), LogMarkKinds.Dropped, EngineFault.Describe(fault) + " Retrying.", cancellationToken);
                }

                lostSince ??= dependencies.Time.GetUtcNow();
                if (dependencies.Time.GetUtcNow() - lostSince > GiveUpAfter)
                {
                    _failure = new LogEnd(
                        LogEndReasons.Engine,
                        $"The engine was unreachable for {Format.RoughDuration(GiveUpAfter)}. Open the log again when it is back."
                    );
                    return;
                }

                await Task.Delay(backOff, dependencies.Time, cancellationToken);
                backOff = Longer(backOff);
            }
        }
    }

    // The engine ends a response when it learns of the exit, possibly before it has read the last lines.
    private async Task FinishRunAsync(ContainerFacts facts, CancellationToken cancellationToken)
    {
        if (!_endNoted)
        {
            await ReadOnAsync(follow: false, cancellationToken, cancellationToken);
            if (Failure is null && facts.FinishedAt is not null)
            {
                await NoteEndAsync(facts, cancellationToken);
            }
        }
    }

    /// <summary>Reads until the run has ended. True if there were new lines, or the run has certainly ended.</summary>
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

    /// <summary>Continues after the last response. True if there were new lines.</summary>
    private async Task<bool> ReadOnAsync(bool follow, CancellationToken reading, CancellationToken cancellationToken)
    {
        var before = _reading.Last;
        (int? Tail, LogTime? Since) from = (_reading.ResumeAt, _reading.EngineTime, firstMark) switch
        {
            ({ } resume, _, _) => (OverlapMessages, resume),
            (_, null, not null) => (null, request.Since),
            // No past lines were requested, so nothing was read yet. Only the engine can tell which lines are new.
            (_, null, _) => (0, null),
            (_, { } asked, _) => (OverlapMessages, new LogTime(asked) < request.Since ? request.Since : new LogTime(asked)),
        };
        await _reading.ReadAsync(
            new LogWindow(request.Stdout, request.Stderr, from.Tail, from.Since, null, follow),
            _reading.Last,
            reading,
            cancellationToken
        );
        return _reading.Last != before;
    }

    private async Task NoteEndAsync(ContainerFacts facts, CancellationToken cancellationToken)
    {
        _endNoted = true;
        var memory = facts.OomKilled ? ", out of memory" : "";
        // The container's last output may reach the log after its exit time.
        var at = new LogTime(facts.FinishedAt!.Value);
        await feed.MarkAsync(
            _reading.Last > at ? _reading.Last.Value : at,
            LogMarkKinds.Ended,
            $"ended with exit code {Format.ExitCode(facts.ExitCode)}{memory}",
            cancellationToken
        );
    }

    private ValueTask NoteStartAsync(DateTimeOffset start, bool first, CancellationToken cancellationToken)
    {
        var (kind, text) = (first, firstMark, _endNoted) switch
        {
            (true, LogMarkKinds.Recreated, _) => (LogMarkKinds.Recreated, "recreated: the lines below are from the new container"),
            (true, _, _) or (_, _, true) => (LogMarkKinds.Started, "started"),
            _ => (LogMarkKinds.Restarted, "restarted"),
        };
        _endNoted = false;
        return feed.MarkAsync(new LogTime(start), kind, text, cancellationToken);
    }

    private async Task NoteFailureAsync(CancellationToken cancellationToken)
    {
        if (Failure is { } failure)
        {
            var kind = failure.Reason == LogEndReasons.Engine ? LogMarkKinds.Dropped : LogMarkKinds.Unreadable;
            await feed.MarkAsync(Now(), kind, failure.Text, cancellationToken);
        }
    }

    private LogTime Now() => new(dependencies.Time.GetUtcNow());

    private static TimeSpan Longer(TimeSpan backOff) => backOff * 2 < LongestBackOff ? backOff * 2 : LongestBackOff;
}
