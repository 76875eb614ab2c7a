using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// The one stream from one Collector, for all viewers. <see cref="RunAsync"/> writes, and a timer that notices when no news comes; readers
/// take
/// <see cref="Current"/> or subscribe. A subscriber that is slow misses what is no longer true and costs nothing.
/// </summary>
internal sealed partial class HostFeed(
    CollectorHostOptions host,
    FeedTimings timings,
    ViewerCount audience,
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
    private readonly Lock _gate = new();
    private readonly Freshness _freshness = new(time);
    private DateTimeOffset? _lastHeard;
    private bool _heardOnThisConnection;

    public HostView Current => _view.Current;

    /// <summary>The view now, then each newer one. Ends with the token; the subscription ends with the enumeration.</summary>
    public IAsyncEnumerable<HostView> WatchAsync(CancellationToken cancellationToken) => _view.WatchAsync(entered: null, cancellationToken);

    /// <summary>Reads the stream and opens it again for as long as the process lives.</summary>
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
                continue; // Somebody came or all have left: it is opened again to say so.
            }
            PublishUnreachable(error);
            pause = _heardOnThisConnection ? timings.FirstPause : pause;
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, timings.LongestPause.Ticks));
        }
    }

    // Why it ended, as a sentence; null where it was ended to be opened for another audience.
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
                PublishHeard(item.Data, skew);
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

    // An event of another name, a heartbeat above all, says that the Collector lives and nothing else.
    private static FleetSnapshot? Parse(string eventType, ReadOnlySpan<byte> data) =>
        eventType == CollectorRoutes.SnapshotEvent && JsonSerializer.Deserialize(data, ContractsJson.Default.FleetSnapshot) is { } snapshot
            ? Received.Clean(snapshot)
            : null;

    // How far the Collector's clock is ahead. The Date header has whole seconds, so less than two of them says nothing.
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
            // The name set for a host is what its operator calls it. A Collector that has not heard of its engine yet knows none.
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
        // A heartbeat alone does not make an old snapshot current: only the one that each stream begins with does.
    }

    // A Collector that has heard nothing of its engine yet has no such moment.
    private static DateTimeOffset? AsOf(FleetSnapshot snapshot, TimeSpan skew) =>
        snapshot.TakenAt.Year > 1 && skew.Duration() < TimeSpan.FromDays(3650) ? snapshot.TakenAt - skew : null;

    // The stream may be open and heartbeats may come: a Collector whose writer hangs sends those too.
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

    [LoggerMessage(LogLevel.Warning, "The Collector at {Collector} is connected but has sent nothing newer since {Since:O}")]
    private partial void LogOverdue(Uri collector, DateTimeOffset since);

    [LoggerMessage(LogLevel.Debug, "The stream from {Collector} failed")]
    private partial void LogStreamFailed(Exception exception, Uri collector);
}

/// <summary>How patient a feed is.</summary>
/// <param name="Silence">Hearing nothing for so long means that the Collector is gone.</param>
/// <param name="FirstPause">Before the first attempt to connect again.</param>
/// <param name="LongestPause">What the pause doubles up to.</param>
internal sealed record FeedTimings(TimeSpan Silence, TimeSpan FirstPause, TimeSpan LongestPause)
{
    public static FeedTimings Default { get; } =
        new(TimeSpan.FromSeconds(3 * CollectorRoutes.HeartbeatSeconds), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
}
