using System.Threading.Channels;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Actions.Rebuild;
using FleetDashboard.Collector.Audit;
using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Metadata;
using FleetDashboard.Collector.Sampling;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>
/// Keeps the snapshot true: the only writer of <see cref="SnapshotStore"/>. One loop talks to the engine and starts anew when it is
/// lost, one follows the metadata file, one takes what was heard, one thing after another, and never waits for the engine.
/// </summary>
internal sealed partial class FleetKeeper(
    SnapshotStore store,
    HistoryBook history,
    ChangeBook changes,
    DatabaseBook databases,
    TargetBook book,
    OwnContainer own,
    BuildSources sources,
    AuditTrail trail,
    Func<EngineSession> newSession,
    FleetFileWatcher file,
    IOptions<EngineOptions> engineOptions,
    IOptions<SamplingOptions> samplingOptions,
    IOptions<ActionOptions> actionOptions,
    TimeProvider time,
    ILogger<FleetKeeper> logger) : BackgroundService
{
    private const int SignalCapacity = 4096;
    private const int MissesToFail = 2;

    /// <summary>What happens within this time is published together.</summary>
    private static readonly TimeSpan ShortestGap = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan ShortestBackOff = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);

    private readonly Channel<Signal> _signals = Channel.CreateBounded<Signal>(SignalCapacity);
    private readonly Inventory _inventory = new(history, databases, changes);
    private volatile EngineSession? _session;
    private readonly Patience _patience = new(samplingOptions.Value.Interval, OneShotBurst.Deadline(samplingOptions.Value));
    private SampleRound? _round;
    private long _sequence;
    private int _misses;
    private DateTimeOffset _takenAt = time.GetUtcNow();
    private DateTimeOffset? _engineTime;
    private (DateTimeOffset Since, string Reason)? _lost;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        book.RefreshWanted += id => _session?.Inspect(id);

        // The file first: it is read before the engine is asked, so that the first snapshot has what it says.
        return Task.WhenAll(FollowFileAsync(stoppingToken), ConnectAsync(stoppingToken), KeepAsync(stoppingToken));
    }

    private async Task FollowFileAsync(CancellationToken cancellationToken)
    {
        await foreach (var metadata in file.WatchAsync(cancellationToken))
        {
            await _signals.Writer.WriteAsync(new Signal.FileRead(time.GetUtcNow(), metadata), cancellationToken);
        }
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var (backOff, told) = (ShortestBackOff, "");
        while (!cancellationToken.IsCancellationRequested)
        {
            var session = newSession();
            _session = session;
            try
            {
                await session.RunAsync(_signals.Writer, _engineTime, cancellationToken);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return; // Whatever broke on the way down does not matter any more.
            }
            catch (Exception fault)
            {
                var reason = EngineFault.Describe(fault, engineOptions.Value.Endpoint);
                if (reason != told || session.WasComplete)
                {
                    LogLost(told = reason);
                }

                await _signals.Writer.WriteAsync(new Signal.Lost(time.GetUtcNow(), reason), cancellationToken);
            }

            // A session that came so far as to know the fleet was a good one: the next may come at once.
            backOff = session.WasComplete ? ShortestBackOff : TimeSpan.FromTicks(Math.Min(backOff.Ticks * 2, LongestBackOff.Ticks));
            await Task.Delay(backOff, time, cancellationToken);
        }
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        while (await _signals.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_signals.Reader.TryRead(out var signal))
            {
                Apply(signal);
            }

            var started = time.GetTimestamp();
            Publish();

            // However large the fleet and however lively, publishing takes a tenth of a core at most.
            var gap = time.GetElapsedTime(started) * 9;
            await Task.Delay(gap > ShortestGap ? gap : ShortestGap, time, cancellationToken);
        }
    }

    private void Apply(Signal signal)
    {
        if (signal is Signal.Lost lost)
        {
            _lost = (_lost?.Since ?? _takenAt, lost.Reason);
            _inventory.End();
            return;
        }

        if (signal is Signal.FileRead read)
        {
            _inventory.Take(read.Metadata);
            return;
        }

        _takenAt = signal.At;
        switch (signal)
        {
            case Signal.Connected connected:
                _inventory.Begin(connected.Host);
                break;
            case Signal.Happened happened:
                _engineTime = happened.Event.At;
                Observe(happened.Event);
                break;
            case Signal.Listed listed:
                _inventory.Networks = listed.Networks;
                Compare(listed);
                break;
            case Signal.Inspected { Facts: { } facts }:
                _inventory.Put(facts, signal.At);
                break;
            case Signal.Inspected gone:
                _inventory.Remove(gone.Id);
                break;
            case Signal.InspectFailed failed:
                _inventory.GiveUp(failed.Id);
                break;
            case Signal.Tagged tagged:
                _inventory.Tags = tagged.Tags;
                break;
            case Signal.Sampled sampled:
                _inventory.Sample(sampled.Round.Readings, _patience.Pace);
                _round = sampled.Round;
                _patience.Take(sampled.Pace, sampled.At);
                break;
            case Signal.Measured measured:
                _inventory.Measure(measured.Id, measured.Reading);
                break;
        }
    }

    private void Observe(EngineEvent what)
    {
        switch (what)
        {
            case { Type: "network", Action: "create" or "destroy" }:
                _session?.Reconcile();
                break;
            case { Type: "image" }:
                _session?.ReadTags();
                break;
            case { Type: "container", Action: "destroy" }:
                _inventory.Remove(what.Id);
                break;
            default:
                _inventory.Observe(what);
                _session?.Inspect(what.Id);
                break;
        }
    }

    private void Compare(Signal.Listed listed)
    {
        var (inspect, missed) = _inventory.Reconcile(listed.Containers, listed.At);
        foreach (var id in inspect)
        {
            _session?.Inspect(id);
        }

        // Once may be a race with an event under way. Twice in a row the stream is deaf: begin anew.
        _misses = missed > 0 ? _misses + 1 : 0;
        if (_misses >= MissesToFail)
        {
            _misses = 0;
            _session?.Fail("The engine's stream of events fell silent while its list changed.");
        }
    }

    private void Publish()
    {
        if (_inventory.IsComplete)
        {
            _lost = null;
            _session?.SetRunning(_inventory.SampleTargets(), _inventory.DatabaseTargets());
        }
        else if (_lost is null)
        {
            return; // Half a fleet is no fleet: the last snapshot stands until everything is known again.
        }

        var targets = Rulings.Of(_inventory, own, sources, actionOptions.Value.Enabled);

        // First, so that whoever has seen a container on the page can act on it.
        if (_inventory.IsComplete)
        {
            book.Publish(targets);
        }

        var moment = new SnapshotMoment(
            ++_sequence, time.GetUtcNow(), _takenAt, _patience.Pace, _patience.At(_takenAt), _lost?.Since, _lost?.Reason,
            [.. new[] { trail.Trouble, _round?.Trouble }.OfType<string>()])
        {
            Round = _round,
        };
        store.Publish(SnapshotAssembler.Assemble(_inventory, targets, history, databases, moment), ScrapeState.Of(_inventory, moment));
    }

    [LoggerMessage(LogLevel.Warning, "Lost the engine. {Reason}")]
    private partial void LogLost(string reason);
}
