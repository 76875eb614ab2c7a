using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;
using FleetDashboard.Contracts.Logs;

namespace FleetDashboard.Collector.Logs;

/// <summary>
/// One caller's log stream: a source for each container, including containers that join later, and the merge that sends the lines.
/// </summary>
internal sealed partial class LogSession(
    LogTarget target,
    LogRequest request,
    LogDependencies dependencies,
    LogStreams streams,
    LogOptions options,
    ILogger<LogSession> logger
) : IDisposable
{
    /// <summary>How many logs are searched for their newest lines at a time.</summary>
    private const int Finders = 8;

    /// <summary>How long to wait for a removed container to be recreated under its name.</summary>
    private static readonly TimeSpan SuccessorWithin = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>A container created at most this long before the stream started is new: all its output belongs to the stream.</summary>
    private static readonly TimeSpan NewWithin = TimeSpan.FromSeconds(10);

    private readonly DateTimeOffset _began = dependencies.Time.GetUtcNow();
    private readonly List<ContainerLogSource> _sources = [];
    private readonly List<LogFeed> _feeds = [];
    private readonly List<Task> _reading = [];
    private readonly HashSet<string> _known = [];

    /// <summary>Why no log could be read. Null if at least one could.</summary>
    public LogEnd? Failure => _sources.Count > 0 && _sources.TrueForAll(source => source.Failure is not null) ? _sources[0].Failure : null;

    /// <summary>
    /// Reads until everything is sent, the byte limit is reached, or the token is cancelled. When it returns, all requests to the engine
    /// have ended.
    /// </summary>
    public async Task RunAsync(FleetSnapshot fleet, LogWriter writer, CancellationToken cancellationToken)
    {
        var merge = new LogMerge(writer, request.Follow, options.MaxBytesPerStream, streams, dependencies.Time);
        foreach (var member in target.In(fleet))
        {
            Add(merge, member, request, firstMark: null);
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadAsync(merge, ending.Token);
        try
        {
            await merge.RunAsync(cancellationToken);
        }
        finally
        {
            await ending.CancelAsync();
            await reading;
            await Task.WhenAll(_reading);
        }
    }

    public void Dispose() => _feeds.ForEach(feed => feed.Dispose());

    private async Task ReadAsync(LogMerge merge, CancellationToken cancellationToken)
    {
        try
        {
            await Parallel.ForEachAsync(
                _sources,
                new ParallelOptions { MaxDegreeOfParallelism = Finders, CancellationToken = cancellationToken },
                async (source, token) => await source.FindAsync(token)
            );
            merge.Skip = request.Tail is { } tail ? Math.Max(0, _sources.Sum(source => source.Found) - tail) : 0;
            _reading.AddRange(_sources.Select(source => source.RunAsync(cancellationToken)));
            if (request.Follow)
            {
                merge.End(await WatchAsync(merge, cancellationToken));
            }
            else
            {
                await Task.WhenAll(_reading);
                merge.End(
                    _sources.Find(source => source.Failure is not null)?.Failure
                        ?? new LogEnd(LogEndReasons.Finished, "All requested lines have been sent.")
                );
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The caller disconnected.
        }
        catch (Exception fault)
        {
            LogFailed(fault);
            merge.End(new LogEnd(LogEndReasons.Engine, "The Collector failed to read the log. Its own log shows the reason."));
        }
    }

    /// <summary>Lets containers join until none is left and none has joined for a while. Returns why it ended.</summary>
    private async Task<LogEnd> WatchAsync(LogMerge merge, CancellationToken cancellationToken)
    {
        DateTimeOffset? aloneSince = null;
        await foreach (var published in dependencies.Store.WatchAsync(LookAgain, cancellationToken))
        {
            if (published is not null)
            {
                Join(merge, published.Snapshot, cancellationToken);
            }

            if (_reading.Exists(run => !run.IsCompleted))
            {
                aloneSince = null;
            }
            else if (Failure is { } failure)
            {
                return failure;
            }
            else
            {
                aloneSince ??= dependencies.Time.GetUtcNow();
                if (dependencies.Time.GetUtcNow() - aloneSince > SuccessorWithin)
                {
                    break;
                }
            }
        }

        return new LogEnd(
            LogEndReasons.Removed,
            $"The container was removed, and no container replaced it within {Format.RoughDuration(SuccessorWithin)}."
        );
    }

    private void Join(LogMerge merge, FleetSnapshot fleet, CancellationToken cancellationToken)
    {
        foreach (var member in target.In(fleet).Where(member => !_known.Contains(member.Id)))
        {
            var replaces = _sources.Exists(source =>
                source.Member.Name == member.Name
                || (source.IsDown && source.Member.App == member.App && source.Member.Service == member.Service)
            );
            var created = fleet.Apps.SelectMany(app => app.Containers).First(container => container.Id == member.Id).CreatedAt;
            var isNew = created >= _began - NewWithin;
            var joined = request with { Tail = null, Since = isNew ? null : new LogTime(_began) };
            if (Add(merge, member, joined, replaces ? LogMarkKinds.Recreated : LogMarkKinds.Started) is { } source)
            {
                _reading.Add(FindAndRunAsync(source, cancellationToken));
            }
        }
    }

    private static async Task FindAndRunAsync(ContainerLogSource source, CancellationToken cancellationToken)
    {
        try
        {
            await source.FindAsync(cancellationToken);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The read task reports this error and ends at once.
        }

        await source.RunAsync(cancellationToken);
    }

    private ContainerLogSource? Add(LogMerge merge, LogMember member, LogRequest wanted, string? firstMark)
    {
        _known.Add(member.Id);
        var feed = new LogFeed(member.Name, merge.Wake, dependencies.Time);
        _feeds.Add(feed);
        merge.Join(feed, withPast: firstMark is null);
        if (_sources.Count(source => !source.Feed.IsOver) >= options.MaxContainersPerStream)
        {
            feed.Refuse(
                new LogTime(dependencies.Time.GetUtcNow()),
                $"not read: one stream merges at most {options.MaxContainersPerStream} containers (Logs:MaxContainersPerStream). "
                    + $"Open this container's own log."
            );
            return null;
        }

        var source = new ContainerLogSource(member, wanted, firstMark, feed, dependencies);
        _sources.Add(source);
        return source;
    }

    [LoggerMessage(LogLevel.Error, "Reading a log failed with an unexpected error")]
    private partial void LogFailed(Exception fault);
}
