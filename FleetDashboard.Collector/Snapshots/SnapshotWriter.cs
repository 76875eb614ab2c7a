using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Metadata;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>
/// The only writer of the <see cref="Inventory"/> and, through its publisher, of the <see cref="SnapshotStore"/>. It applies one signal
/// after another and never waits for the engine.
/// </summary>
internal sealed partial class SnapshotWriter(
    SignalQueue signals,
    Inventory inventory,
    EngineRequests requests,
    SnapshotPublisher publisher,
    FleetFileWatcher file,
    IOptions<SamplingOptions> options,
    TimeProvider time,
    ILogger<SnapshotWriter> logger
) : SupervisedService(time, logger)
{
    private const int MissesToFail = 2;

    /// <summary>Changes within this time are published together.</summary>
    private static readonly TimeSpan ShortestGap = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause after a publication.</summary>
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time = time;
    private readonly EngineFreshness _freshness = new(options.Value, time);
    private StatsRound? _round;
    private int _misses;

    // The file first: it is loaded before the engine is asked, so that the first snapshot contains it.
    protected override IEnumerable<SupervisedLoop> Loops =>
        [new("follow fleet.yaml", FollowFileAsync), new("publish snapshots", WriteAsync)];

    private async Task FollowFileAsync(CancellationToken cancellationToken)
    {
        await foreach (var metadata in file.WatchAsync(cancellationToken))
        {
            await signals.WriteAsync(new FleetFileLoaded(_time.GetUtcNow(), metadata), cancellationToken);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken); // No file is set.
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // Publish even without a signal: a snapshot can only become stale by being published again.
            await signals.Reader.WaitToReadAsync(_freshness.Pace * 1.5, _time, cancellationToken);
            while (signals.Reader.TryRead(out var signal))
            {
                ApplySafely(signal);
            }

            var started = _time.GetTimestamp();
            PublishSafely();

            // Publishing takes at most a tenth of a core, however large the fleet is and however often it changes.
            var gap = _time.GetElapsedTime(started) * 9;
            await Task.Delay(
                gap < ShortestGap ? ShortestGap
                    : gap > LongestGap ? LongestGap
                    : gap,
                _time,
                cancellationToken
            );
        }
    }

    // A signal that cannot be applied must not stop the signals behind it. Its container is flagged and inspected again.
    private void ApplySafely(Signal signal)
    {
        try
        {
            Apply(signal);
        }
        catch (Exception fault)
        {
            LogNotApplied(fault, signal.GetType().Name);
            if (signal is Signal.Inspected inspected)
            {
                inventory.GiveUp(inspected.Id, $"its inspection could not be used ({fault.GetType().Name})", signal.At);
            }
        }
    }

    private void PublishSafely()
    {
        try
        {
            // While only a part of the fleet was inspected, the last snapshot stays.
            if (_freshness.Check(inventory.IsComplete) || _freshness.Lost is not null)
            {
                publisher.Publish(inventory, _freshness, _round);
            }
        }
        catch (Exception fault)
        {
            LogNotPublished(fault);
            publisher.PublishStale(
                _freshness.TakenAt,
                $"The Collector could not compute the fleet's state ({fault.GetType().Name}). Its log has the details; please report them."
            );
        }
    }

    private void Apply(Signal signal)
    {
        switch (signal)
        {
            // Neither is an answer of the engine, so neither makes the snapshot newer.
            case Signal.Disconnected lost:
                _freshness.Lose(lost.Reason);
                inventory.End();
                break;
            case FleetFileLoaded loaded:
                inventory.Apply(loaded.Metadata);
                break;
            default:
                _freshness.Receive(signal.At);
                ApplyAnswer(signal);
                break;
        }
    }

    private void ApplyAnswer(Signal signal)
    {
        switch (signal)
        {
            case Signal.Connected connected:
                inventory.Begin(connected.Host);
                break;
            case Signal.EventReceived received:
                Observe(received.Event);
                break;
            case Signal.Listed listed:
                Compare(listed);
                break;
            case Signal.Inspected { Facts: { } facts }:
                inventory.Put(facts, signal.At);
                break;
            case Signal.Inspected gone:
                inventory.Deny(gone.Id);
                break;
            case Signal.InspectionFailed failed when !inventory.GiveUp(failed.Id, failed.Reason, signal.At):
                requests.Reconcile(); // It is newer than the list: the next list has it, or it is gone.
                break;
            case Signal.ImagesListed images:
                inventory.Apply(images.Images);
                break;
            case StatsSampled sampled:
                inventory.Sample(sampled.Round.Readings, _freshness.Pace);
                _round = sampled.Round;
                _freshness.SetPace(sampled.Pace, sampled.At);
                break;
            case DatabasesMeasured measured:
                inventory.Measure(measured.Id, measured.Reading);
                break;
        }
    }

    private void Observe(EngineEvent what)
    {
        switch (what)
        {
            case { Type: "network", Action: "create" or "destroy" }:
                requests.Reconcile();
                break;
            case { Type: "image" }:
                requests.ListImages();
                break;
            case { Type: "container", Action: "destroy" }:
                inventory.Remove(what.Id);
                break;
            default:
                var isNews = inventory.IsNews(what, _time.GetUtcNow());
                inventory.Observe(what);
                if (isNews)
                {
                    requests.Inspect(what.Id);
                }

                break;
        }
    }

    private void Compare(Signal.Listed listed)
    {
        inventory.Networks = listed.Networks ?? inventory.Networks;
        inventory.Services = listed.Services ?? [];
        var (inspect, missed) = inventory.Reconcile(listed.Containers, listed.At);
        foreach (var id in inspect)
        {
            requests.Inspect(id);
        }

        // One change without an event may be a race with an event on its way. Two in a row mean that the stream is silent.
        _misses = missed > 0 ? _misses + 1 : 0;
        if (_misses >= MissesToFail)
        {
            _misses = 0;
            LogSilent();
            requests.ReopenEvents();
        }
    }

    /// <summary>fleet.yaml was loaded or changed.</summary>
    private sealed record FleetFileLoaded(DateTimeOffset At, FleetMetadata Metadata) : Signal(At);

    [LoggerMessage(LogLevel.Error, "The signal {Signal} could not be applied.")]
    private partial void LogNotApplied(Exception fault, string signal);

    [LoggerMessage(LogLevel.Critical, "The snapshot could not be computed. The last one is shown as stale until it can.")]
    private partial void LogNotPublished(Exception fault);

    [LoggerMessage(LogLevel.Warning, "The engine's list changed twice without an event. The stream of events is opened again.")]
    private partial void LogSilent();
}
