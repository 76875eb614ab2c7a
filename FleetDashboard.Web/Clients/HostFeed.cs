using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FleetDashboard.Contracts;
using FleetDashboard.ServiceDefaults.Async;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// The one stream from one Collector, for all viewers: snapshots, jobs and raw lines. Only <see cref="RunAsync"/> and a timer for overdue
/// snapshots write. Readers use <see cref="Current"/> or subscribe; a slow subscriber misses outdated views.
/// </summary>
internal sealed partial class HostFeed(
    CollectorHostOptions host,
    FeedTimings timings,
    ViewerCount audience,
    JobFeed jobs,
    IHttpClientFactory clients,
    CollectorTokens tokens,
    TimeProvider time,
    ILogger<HostFeed> logger
)
{
    public const string HttpClientName = "collector-stream";
    public const string CompressedHttpClientName = "collector-stream-compressed";

    private readonly HostView _nothing = HostView.Nothing(host.Url!, host.Name);
    private readonly LatestValue<HostView> _view = new(HostView.Nothing(host.Url!, host.Name));
    private readonly HostJobs _jobs = jobs.For(host.Url!);
    private readonly Lock _gate = new();
    private readonly Freshness _freshness = new(time);
    private DateTimeOffset? _lastHeard;
    private bool _heardOnThisConnection;

    public HostView Current => _view.Current;

    /// <summary>The view now, then each newer one, until the token is cancelled.</summary>
    public IAsyncEnumerable<HostView> WatchAsync(CancellationToken cancellationToken) => _view.WatchAsync(cancellationToken);

    /// <summary>Reads the stream and reconnects, for as long as the process lives.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        var pause = timings.FirstPause;
        await using var age = time.CreateTimer(_ => PublishAge(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _freshness.Alarm = age;
        while (!stoppingToken.IsCancellationRequested)
        {
            _heardOnThisConnection = false;
            var error = await ReadUntilItEndsAsync(stoppingToken);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            if (error is null)
            {
                continue; // The first viewer came or the last one left: the stream is opened again to say so.
            }
            PublishUnreachable(error);
            pause = _heardOnThisConnection ? timings.FirstPause : pause;
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, timings.LongestPause.Ticks));
        }
    }

    // Why the stream ended, as a sentence; null where it is only opened again because viewers came or left.
    private async Task<string?> ReadUntilItEndsAsync(CancellationToken stoppingToken)
    {
        var (isWatched, turned) = audience.Now;
        using var watchdog = new CancellationTokenSource(timings.Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, watchdog.Token, turned);
        try
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get,
                new Uri(
                    host.Url!,
                    isWatched ? CollectorRoutes.FleetStream : $"{CollectorRoutes.FleetStream}?{CollectorRoutes.WatchingParameter}=false"
                )
            );
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.ForFeed());
            request.Headers.Accept.ParseAdd("text/event-stream");
            using var client = clients.CreateClient(host.Compress ? CompressedHttpClientName : HttpClientName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode)
            {
                return FeedErrors.OfStatus(response.StatusCode);
            }
            var skew = ClockSkew(response.Headers.Date);
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            await foreach (var item in SseParser.Create(body, Parse).EnumerateAsync(either.Token))
            {
                watchdog.CancelAfter(timings.Silence);
                PublishHeard(item.Data.Snapshot, skew);
                Keep(item.Data);
            }
            return FeedErrors.Ended;
        }
        catch (Exception) when (turned.IsCancellationRequested && !stoppingToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception) when (watchdog.IsCancellationRequested && !stoppingToken.IsCancellationRequested)
        {
            return FeedErrors.Silent(timings.Silence);
        }
        catch (Exception ex) when (!stoppingToken.IsCancellationRequested)
        {
            LogStreamFailed(ex, host.Url!);
            return FeedErrors.Describe(ex);
        }
        catch (OperationCanceledException)
        {
            return FeedErrors.Ended;
        }
    }

    // Any other event, such as a heartbeat, only shows that the Collector is alive.
    private static FeedEvent Parse(string eventType, ReadOnlySpan<byte> data) =>
        eventType switch
        {
            CollectorRoutes.SnapshotEvent => new(Snapshot: Read(data, ContractsJson.Default.FleetSnapshot, Received.Clean)),
            CollectorRoutes.JobsEvent => new(Jobs: Read(data, ContractsJson.Default.JobArray, Received.Clean)),
            CollectorRoutes.JobEvent => new(Job: Read(data, ContractsJson.Default.Job, Received.Clean)),
            CollectorRoutes.JobLinesEvent => new(Output: Read(data, ContractsJson.Default.JobOutput, Received.Clean)),
            _ => default,
        };

    private static T? Read<T>(ReadOnlySpan<byte> data, JsonTypeInfo<T> type, Func<T, T> clean)
        where T : class => JsonSerializer.Deserialize(data, type) is { } value ? clean(value) : null;

    private void Keep(FeedEvent received)
    {
        _jobs.Sweep();
        if (received.Jobs is { } listed)
        {
            _jobs.Start([.. listed]);
        }
        if (received.Output is { } output)
        {
            _jobs.Add(output);
        }
        if (received.Job is { } job)
        {
            _jobs.Put(job);
        }
    }

    // How far the Collector's clock is ahead. The Date header has whole seconds, so a difference below two seconds means nothing.
    private TimeSpan ClockSkew(DateTimeOffset? date)
    {
        var skew = date - time.GetUtcNow() ?? TimeSpan.Zero;
        return skew.Duration() < TimeSpan.FromSeconds(2) ? TimeSpan.Zero : skew;
    }

    private void PublishHeard(FleetSnapshot? snapshot, TimeSpan skew)
    {
        using var _ = _gate.EnterScope();
        _lastHeard = time.GetUtcNow();
        if (!_heardOnThisConnection)
        {
            LogConnected(host.Url!);
        }
        _heardOnThisConnection = true;
        if (snapshot is not null)
        {
            // A configured name wins. A Collector that has not read its engine yet sends no name.
            var name = host.Name ?? (snapshot.Host.Name is { Length: > 0 } told ? told : Current.Name);
            _freshness.Update(snapshot);
            Publish(
                _nothing with
                {
                    Name = name,
                    Snapshot = snapshot,
                    Connection = ConnectionState.Live,
                    AsOf = AsOf(snapshot, skew),
                    OverdueSince = _freshness.OverdueSince,
                }
            );
        }
        else if (Current is { Connection: ConnectionState.Unreachable, Snapshot: null })
        {
            Publish(_nothing);
        }
        // A heartbeat alone does not make an old snapshot current. Only the snapshot that starts each stream does.
    }

    // A Collector that has not read its engine yet sends no such time.
    private static DateTimeOffset? AsOf(FleetSnapshot snapshot, TimeSpan skew) =>
        snapshot.TakenAt.Year > 1 && skew.Duration() < TimeSpan.FromDays(3650) ? snapshot.TakenAt - skew : null;

    // An open stream with heartbeats is not enough: a Collector whose snapshot writer hangs still sends heartbeats.
    private void PublishAge()
    {
        using var _ = _gate.EnterScope();
        if (Current.Snapshot is not null && _freshness.OverdueSince is { } since && Current.OverdueSince != since)
        {
            LogOverdue(host.Url!, since);
            Publish(Current with { OverdueSince = since });
        }
    }

    private void PublishUnreachable(string error)
    {
        _jobs.Fail(error);
        _jobs.Sweep();
        using var _ = _gate.EnterScope();
        if (Current.Connection != ConnectionState.Unreachable)
        {
            LogLost(host.Url!, error);
        }
        var since = Current.UnreachableSince ?? _lastHeard ?? time.GetUtcNow();
        Publish(Current with { Connection = ConnectionState.Unreachable, UnreachableSince = since, Error = error });
    }

    private void Publish(HostView view)
    {
        if (view != Current)
        {
            _view.Publish(view);
        }
    }

    [LoggerMessage(LogLevel.Information, "Reading the fleet from {Collector}")]
    private partial void LogConnected(Uri collector);

    [LoggerMessage(LogLevel.Warning, "Lost the Collector at {Collector}: {Reason}")]
    private partial void LogLost(Uri collector, string reason);

    [LoggerMessage(LogLevel.Warning, "The Collector at {Collector} is connected but has sent no new snapshot since {Since:O}")]
    private partial void LogOverdue(Uri collector, DateTimeOffset since);

    [LoggerMessage(LogLevel.Debug, "The stream from {Collector} failed")]
    private partial void LogStreamFailed(Exception exception, Uri collector);
}

/// <summary>One event of the stream. At most one part is set.</summary>
internal readonly record struct FeedEvent(FleetSnapshot? Snapshot = null, Job[]? Jobs = null, Job? Job = null, JobOutput? Output = null);

/// <summary>The timings of a feed.</summary>
/// <param name="Silence">After this time without any event the Collector counts as unreachable.</param>
/// <param name="FirstPause">The pause before the first reconnection.</param>
/// <param name="LongestPause">The longest pause. Each pause doubles the one before.</param>
internal sealed record FeedTimings(TimeSpan Silence, TimeSpan FirstPause, TimeSpan LongestPause)
{
    public static FeedTimings Default { get; } =
        new(TimeSpan.FromSeconds(3 * CollectorRoutes.HeartbeatSeconds), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
}
