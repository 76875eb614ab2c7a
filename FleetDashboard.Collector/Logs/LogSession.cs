using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;
using FleetDashboard.Contracts.Logs;

namespace FleetDashboard.Collector.Logs;

/// <summary>One caller's reading: a source for each container, those that join later too, and the merge that hands it all over.</summary>
internal sealed partial class LogSession(
    LogTarget subject,
    LogRequest question,
    LogDependencies ways,
    LogStreams streams,
    LogOptions options,
    ILogger<LogSession> logger
) : IDisposable
{
    /// <summary>So many logs are looked for their newest lines at a time.</summary>
    private const int Finders = 8;

    /// <summary>So long a removed container has to come back under its name.</summary>
    private static readonly TimeSpan SuccessorWithin = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>A container that was made so shortly before is new here: all that it printed belongs to this reading.</summary>
    private static readonly TimeSpan NewWithin = TimeSpan.FromSeconds(10);

    private readonly DateTimeOffset _began = ways.Time.GetUtcNow();
    private readonly List<ContainerLogSource> _sources = [];
    private readonly List<LogFeed> _feeds = [];
    private readonly List<Task> _reading = [];
    private readonly HashSet<string> _known = [];

    /// <summary>Why nothing at all could be read; null as long as anything was.</summary>
    public LogEnd? Failure => _sources.Count > 0 && _sources.TrueForAll(source => source.Failure is not null) ? _sources[0].Failure : null;

    /// <summary>
    /// Reads until everything is told, the cap is hit, or the token ends it. Everything at the engine has ended when it returns.
    /// </summary>
    public async Task RunAsync(FleetSnapshot fleet, LogWriter writer, CancellationToken cancellationToken)
    {
        var merge = new LogMerge(writer, question.Follow, options.MaxBytesPerStream, streams, ways.Time);
        foreach (var member in subject.In(fleet))
        {
            Add(merge, member, question, firstMark: null);
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
            merge.Skip = question.Tail is { } tail ? Math.Max(0, _sources.Sum(source => source.Found) - tail) : 0;
            _reading.AddRange(_sources.Select(source => source.RunAsync(cancellationToken)));
            if (question.Follow)
            {
                merge.End(await WatchAsync(merge, cancellationToken));
            }
            else
            {
                await Task.WhenAll(_reading);
                merge.End(
                    _sources.Find(source => source.Failure is not null)?.Failure
                        ?? new LogEnd(LogEndReasons.Finished, "All that was asked for has been sent.")
                );
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The reader left.
        }
        catch (Exception fault)
        {
            LogFailed(fault);
            merge.End(new LogEnd(LogEndReasons.Engine, "The Collector failed at this. Its log says why."));
        }
    }

    /// <summary>Lets containers join until none is left and none has come for a while; says why it ended.</summary>
    private async Task<LogEnd> WatchAsync(LogMerge merge, CancellationToken cancellationToken)
    {
        DateTimeOffset? aloneSince = null;
        await foreach (var published in ways.Store.WatchAsync(LookAgain, cancellationToken))
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
                aloneSince ??= ways.Time.GetUtcNow();
                if (ways.Time.GetUtcNow() - aloneSince > SuccessorWithin)
                {
                    break;
                }
            }
        }

        return new LogEnd(
            LogEndReasons.Removed,
            $"It was removed, and nothing took its place within {Format.RoughDuration(SuccessorWithin)}."
        );
    }

    private void Join(LogMerge merge, FleetSnapshot fleet, CancellationToken cancellationToken)
    {
        foreach (var member in subject.In(fleet).Where(member => !_known.Contains(member.Id)))
        {
            var replaces = _sources.Exists(source =>
                source.Member.Name == member.Name
                || (source.IsDown && source.Member.App == member.App && source.Member.Service == member.Service)
            );
            var created = fleet.Apps.SelectMany(app => app.Containers).First(container => container.Id == member.Id).CreatedAt;
            var isNew = created >= _began - NewWithin;
            var joined = question with { Tail = null, Since = isNew ? null : new LogTime(_began) };
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
            // Told by the run, which ends at once.
        }

        await source.RunAsync(cancellationToken);
    }

    private ContainerLogSource? Add(LogMerge merge, LogMember member, LogRequest wanted, string? firstMark)
    {
        _known.Add(member.Id);
        var feed = new LogFeed(member.Name, merge.Wake, ways.Time);
        _feeds.Add(feed);
        merge.Join(feed, withPast: firstMark is null);
        if (_sources.Count(source => !source.Feed.IsOver) >= options.MaxContainersPerStream)
        {
            feed.Refuse(
                new LogTime(ways.Time.GetUtcNow()),
                $"not read: one stream merges {options.MaxContainersPerStream} containers at most (Logs:MaxContainersPerStream). Open its own log."
            );
            return null;
        }

        var source = new ContainerLogSource(member, wanted, firstMark, feed, ways);
        _sources.Add(source);
        return source;
    }

    [LoggerMessage(LogLevel.Error, "A log could not be read for a reason of the Collector's own.")]
    private partial void LogFailed(Exception fault);
}
