namespace FleetDashboard.Collector.Engine;

/// <summary>
/// Follows the engine's events. A stream that ends while the engine still answers is opened again: proxies cut silent streams, and that
/// does not mean that the engine is lost. Where events are refused, the list is compared every ten seconds instead.
/// </summary>
internal sealed partial class EventLoop(
    EngineClient engine,
    EngineRequests requests,
    CollectorProblems problems,
    SignalQueue signals,
    TimeProvider time,
    ILogger<EventLoop> logger
) : ISessionLoop
{
    private const string Topic = "events";

    /// <summary>How far back the first session asks for events, to find restart loops that began before this process started.</summary>
    private static readonly TimeSpan LookBack = TimeSpan.FromMinutes(10);

    /// <summary>The pause before a stream is opened again. It doubles up to <see cref="PollEvery"/> while streams are short.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(0.25);

    /// <summary>How often the list is compared where events are refused.</summary>
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(10);

    /// <summary>A stream that lasted this long worked.</summary>
    private static readonly TimeSpan LongStream = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan PingDeadline = TimeSpan.FromSeconds(2);

    private DateTimeOffset? _lastEventAt; // By our clock. It outlives a session: the next one asks for what happened since.
    private DateTimeOffset _next;

    public async Task RunAsync(HostFacts host, CancellationToken cancellationToken)
    {
        var pause = ShortestPause;
        _next = _lastEventAt ?? time.GetUtcNow() - LookBack;
        while (true)
        {
            var opened = time.GetTimestamp();
            var reason = await ReadAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            await engine.PingAsync(PingDeadline, cancellationToken); // Throws where the engine itself is gone.
            LogEnded(reason);
            requests.Reconcile();
            pause =
                time.GetElapsedTime(opened) > LongStream ? ShortestPause
                : pause * 2 < PollEvery ? pause * 2
                : PollEvery;
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    // Reads one stream to its end. Returns why it ended.
    private async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await using var body = await engine.OpenEventsAsync(_next, reading.Token);
            problems.Set(Topic, null);
            var stream = EventStream.ReadAsync(body, engine.Clock, Report, requests.Reconcile, reading.Token);
            await Task.WhenAny(stream, requests.Streams.WaitToReadAsync(reading.Token).AsTask());
            requests.Streams.TryRead(out _);
            await reading.CancelAsync();
            await stream;
            return "The engine ended it.";
        }
        catch (EngineRefusal refusal)
        {
            problems.Set(Topic, $"{refusal.Message} Until then the Collector looks for changes every {PollEvery.TotalSeconds:0} s.");
            return refusal.Message;
        }
        catch (Exception fault)
        {
            return fault.Message;
        }
    }

    // Where the queue is full, the list shows the same change a moment later.
    private void Report(EngineEvent what)
    {
        if (signals.TryWrite(new Signal.EventReceived(time.GetUtcNow(), what)))
        {
            _lastEventAt = what.At;
        }
        else
        {
            requests.Reconcile();
        }

        var after = what.At.AddTicks(1);
        _next = after > _next ? after : _next;
    }

    [LoggerMessage(LogLevel.Information, "The stream of events is opened again. {Reason}")]
    private partial void LogEnded(string reason);
}
