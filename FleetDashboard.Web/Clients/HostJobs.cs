using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Threading.Channels;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// The jobs of one Collector: one list every few seconds while somebody looks, and one stream for each job under way. What
/// the Collector is asked does not grow with the viewers, and is nothing while there are none.
/// </summary>
internal sealed partial class HostJobs(
    Uri collector,
    JobFeed all,
    CollectorClient client,
    IHttpClientFactory clients,
    CollectorTokens tokens,
    TimeProvider time,
    ILogger<HostJobs> logger
)
{
    /// <summary>After so long a job that nobody of this page started is seen.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private const int MostStreams = 16;
    private const int MostLogs = 48;

    private readonly JobBoard _board = new(collector, time);
    private readonly Lock _gate = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private readonly ConcurrentDictionary<string, Task> _streams = new();
    private readonly ConcurrentDictionary<string, JobLog> _logs = new();
    private readonly ConcurrentQueue<string> _logOrder = new();
    private readonly ConcurrentQueue<string> _wanted = new();
    private JobsView _current = JobsView.Nothing;
    private string? _error;
    private bool _known;

    /// <summary>The same instance while nothing changed.</summary>
    public JobsView Current => Volatile.Read(ref _current);

    /// <summary>A job that was just started or called off is shown at once.</summary>
    public void Update(Job job)
    {
        _board.Put(job);
        Publish();
        Wake();
    }

    /// <summary>The last raw lines of a job; asks the Collector for them where they are not known yet. Empty until they are.</summary>
    public ImmutableArray<JobLine> LinesOf(string job)
    {
        if (_logs.TryGetValue(job, out var log))
        {
            return log.Lines;
        }
        NewLog(job);
        _wanted.Enqueue(job);
        Wake();
        return [];
    }

    /// <summary>Somebody has begun to look, or something was begun: there is something to read now.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Reads for as long as the host is one of the fleet's.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var watched = all.IsWatched;
            if (watched)
            {
                await ReadOnceAsync(stoppingToken);
            }
            await WaitAsync(watched ? Interval : Timeout.InfiniteTimeSpan, stoppingToken);
        }
        await Task.WhenAll(_streams.Values);
    }

    private async Task ReadOnceAsync(CancellationToken stoppingToken)
    {
        try
        {
            var answer = await client.JobsAsync(collector, CollectorTokens.Feed, stoppingToken);
            if (answer.Value is { } jobs)
            {
                _board.PutAll(jobs, _streams.ContainsKey);
                await FindMissingAsync(jobs, stoppingToken);
                _known = true;
                OpenStreams(stoppingToken);
            }
            _error = answer.Error;
            Publish();
        }
        catch (Exception ex) when (!stoppingToken.IsCancellationRequested)
        {
            LogFailed(ex);
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    // A Collector that was restarted lists none of the jobs that its death cut off, but knows how they ended.
    private async Task FindMissingAsync(Job[] listed, CancellationToken stoppingToken)
    {
        foreach (var job in _board.Jobs.Where(job => !listed.Any(other => other.Id == job.Id)))
        {
            var answer = await client.JobAsync(collector, job.Id, CollectorTokens.Feed, stoppingToken);
            if (answer.Value is { } found)
            {
                _board.Put(found);
            }
            else
            {
                _board.Drop(job.Id);
            }
        }
    }

    // Those that run before those that wait: of these the list says all there is to say.
    private void OpenStreams(CancellationToken stoppingToken)
    {
        foreach (var job in _board.Jobs.OrderBy(job => job.State == JobStates.Queued))
        {
            // In this order: a stream that has just ended told of its job's end first.
            if (!_streams.ContainsKey(job.Id) && _board.IsUnderWay(job.Id))
            {
                Open(job.Id, stoppingToken);
            }
        }
        while (_streams.Count < MostStreams && _wanted.TryDequeue(out var id))
        {
            Open(id, stoppingToken);
        }
    }

    private void Open(string id, CancellationToken stoppingToken)
    {
        if (_streams.Count < MostStreams && !_streams.ContainsKey(id))
        {
            // From this loop only. It begins behind the gate, so that it is listed before it can end.
            var listed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _streams[id] = FollowAsync(id, listed.Task, stoppingToken);
            listed.SetResult();
        }
    }

    private async Task FollowAsync(string id, Task listed, CancellationToken stoppingToken)
    {
        await listed;
        using var watchdog = new CancellationTokenSource(FeedTimings.Default.Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, watchdog.Token);
        try
        {
            var log = NewLog(id);
            log.Clear();
            using var request = new HttpRequestMessage(
                HttpMethod.Get,
                new Uri(collector, CollectorRoutes.JobStream.Replace("{id}", Uri.EscapeDataString(id), StringComparison.Ordinal))
            );
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.ForFeed());
            using var http = clients.CreateClient(HostFeed.HttpClientName);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            response.EnsureSuccessStatusCode();
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            await foreach (var item in SseParser.Create(body, Parse).EnumerateAsync(either.Token))
            {
                watchdog.CancelAfter(FeedTimings.Default.Silence);
                if (item.Data.Line is { } line)
                {
                    log.Add(line);
                }
                if (item.Data.Job is { } job)
                {
                    _board.Put(job);
                    Publish();
                }
            }
        }
        catch (Exception ex) when (ex is HttpRequestException or IOException or JsonException or OperationCanceledException)
        {
            // While the job is under way the next list opens it again.
            LogStreamFailed(ex, id);
        }
        finally
        {
            _streams.TryRemove(id, out _);
        }
    }

    private static (Job? Job, JobLine? Line) Parse(string eventType, ReadOnlySpan<byte> data) =>
        eventType switch
        {
            CollectorRoutes.JobEvent => (
                JsonSerializer.Deserialize(data, ContractsJson.Default.Job) is { } job ? Received.Clean(job) : null,
                null
            ),
            CollectorRoutes.LineEvent => (
                null,
                JsonSerializer.Deserialize(data, ContractsJson.Default.JobLine) is { } line ? Received.Clean(line) : null
            ),
            _ => (null, null),
        };

    private JobLog NewLog(string id)
    {
        if (_logs.TryGetValue(id, out var known))
        {
            return known;
        }
        var log = _logs.GetOrAdd(id, _ => new JobLog());
        _logOrder.Enqueue(id);
        while (_logs.Count > MostLogs && _logOrder.TryDequeue(out var oldest))
        {
            _logs.TryRemove(oldest, out _);
        }
        return log;
    }

    private void Publish()
    {
        using (_gate.EnterScope())
        {
            var view = _board.View(Current, _known, _error);
            if (ReferenceEquals(view, Current))
            {
                return;
            }
            Volatile.Write(ref _current, view);
        }
        all.Merge();
    }

    private async Task WaitAsync(TimeSpan longest, CancellationToken stoppingToken)
    {
        using var pause = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, stoppingToken);
        try
        {
            await _wake.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to look, or to end.
        }
    }

    [LoggerMessage(LogLevel.Warning, "The jobs could not be read")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(LogLevel.Debug, "The stream of job {Job} ended early")]
    private partial void LogStreamFailed(Exception exception, string job);
}
