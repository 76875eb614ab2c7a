using System.Threading.Channels;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>
/// Follows the engine's events during one session. A stream that ends while the engine answers is opened again: proxies cut silent streams,
/// and
/// that is no reason to call the engine lost. Where events are not permitted, the list is compared often instead.
/// </summary>
internal sealed partial class EventWatch(
    EngineClient engine,
    CollectorProblems troubles,
    Action reconcile,
    TimeProvider time,
    ILogger logger
)
{
    private const string Topic = "events";

    /// <summary>The pause before a stream is opened again. It doubles up to <see cref="PollEvery"/> while streams are short.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(0.25);

    /// <summary>How often the list is compared where the engine does not permit events.</summary>
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(10);

    /// <summary>A stream that lasted this long worked.</summary>
    private static readonly TimeSpan LongStream = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan PingDeadline = TimeSpan.FromSeconds(2);

    private readonly Channel<bool> _reopen = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private DateTimeOffset _next;

    /// <summary>Opens the stream again, because it turned out to be silent.</summary>
    public void Reopen() => _reopen.Writer.TryWrite(true);

    /// <summary>Reads events until the engine itself is gone or the token is cancelled. Always ends with an exception.</summary>
    /// <param name="since">From when on, by our clock.</param>
    /// <param name="report">Receives each event, in order, on the stream's own thread. False where it could not be taken.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(DateTimeOffset since, Func<EngineEvent, bool> report, CancellationToken cancellationToken)
    {
        var pause = ShortestPause;
        _next = since;
        while (true)
        {
            var opened = time.GetTimestamp();
            var reason = await ReadAsync(report, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            await engine.PingAsync(PingDeadline, cancellationToken); // Throws where it is the engine that has gone.
            LogEnded(reason);
            reconcile();
            pause =
                time.GetElapsedTime(opened) > LongStream ? ShortestPause
                : pause * 2 < PollEvery ? pause * 2
                : PollEvery;
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    // One stream until its end. Returns why it ended.
    private async Task<string> ReadAsync(Func<EngineEvent, bool> report, CancellationToken cancellationToken)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await using var body = await engine.OpenEventsAsync(_next, reading.Token);
            troubles.Clear(Topic);
            var stream = EventStream.ReadAsync(body, engine.Clock, what => Report(what, report), reconcile, reading.Token);
            await Task.WhenAny(stream, _reopen.Reader.WaitToReadAsync(reading.Token).AsTask());
            _reopen.Reader.TryRead(out _);
            await reading.CancelAsync();
            await stream;
            return "the engine ended it";
        }
        catch (EngineRefusal refusal)
        {
            troubles.Set(Topic, $"{refusal.Message} Until then changes are looked for every {PollEvery.TotalSeconds:0} s.");
            return refusal.Message;
        }
        catch (Exception fault)
        {
            return fault.Message;
        }
    }

    // When the snapshot writer cannot follow, the list that is asked for instead shows the same.
    private void Report(EngineEvent what, Func<EngineEvent, bool> report)
    {
        if (!report(what))
        {
            reconcile();
        }

        var after = what.At.AddTicks(1);
        _next = after > _next ? after : _next;
    }

    [LoggerMessage(LogLevel.Information, "The stream of events is opened again: {Reason}")]
    private partial void LogEnded(string reason);
}
