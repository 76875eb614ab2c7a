using System.Threading.Channels;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Actions.Rebuild;
using FleetDashboard.Collector.Audit;
using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Metadata;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>
/// Keeps the snapshot true: the only writer of <see cref="SnapshotStore"/>. One loop talks to the engine and starts anew when it is
/// lost, one follows the metadata file, one takes what was heard, one thing after another, and never waits for the engine.
/// </summary>
internal sealed partial class SnapshotWriter(
    SnapshotStore store,
    StatsHistory history,
    ChangeHistory changes,
    DatabaseSizes databases,
    ActionTargets book,
    OwnContainer own,
    BuildSources sources,
    AuditTrail trail,
    Func<EngineSession> newSession,
    FleetFileWatcher file,
    IOptions<EngineOptions> engineOptions,
    IOptions<SamplingOptions> samplingOptions,
    IOptions<ActionOptions> actionOptions,
    TimeProvider time,
    ILogger<SnapshotWriter> logger
) : SupervisedService(time, logger)
{
    private const int SignalCapacity = 4096;
    private const int MissesToFail = 2;

    /// <summary>What happens within this time is published together.</summary>
    private static readonly TimeSpan ShortestGap = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause after a publication.</summary>
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ShortestBackOff = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);

    private readonly Channel<Signal> _signals = Channel.CreateBounded<Signal>(SignalCapacity);
    private readonly Inventory _inventory = new(history, databases, changes);
    private volatile EngineSession? _session;
    private readonly OverduePolicy _patience = new(samplingOptions.Value.Interval, OneShotReader.Deadline(samplingOptions.Value));
    private readonly TimeProvider _time = time;
    private StatsRound? _round;
    private long? _heardAt;
    private bool _silent;
    private DateTimeOffset? _notPublishedSince;
    private long _sequence;
    private int _misses;
    private DateTimeOffset _takenAt = time.GetUtcNow();
    private DateTimeOffset? _engineTime;
    private (DateTimeOffset Since, string Reason)? _lost;

    // The file first: it is read before the engine is asked, so that the first snapshot has what it says.
    protected override IEnumerable<SupervisedLoop> Loops =>
        [new("follow fleet.yaml", FollowFileAsync), new("talk to the engine", ConnectAsync), new("publish snapshots", KeepAsync)];

    protected override Task PrepareAsync(CancellationToken stoppingToken)
    {
        book.RefreshWanted += id => _session?.Inspect(id);
        return Task.CompletedTask;
    }

    private async Task FollowFileAsync(CancellationToken cancellationToken)
    {
        await foreach (var metadata in file.WatchAsync(cancellationToken))
        {
            await _signals.Writer.WriteAsync(new Signal.FileRead(_time.GetUtcNow(), metadata), cancellationToken);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken); // No file is set: there is nothing to follow.
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

                await _signals.Writer.WriteAsync(new Signal.Lost(_time.GetUtcNow(), reason), cancellationToken);
            }

            // A session that came so far as to know the fleet was a good one: the next may come at once.
            backOff = session.WasComplete ? ShortestBackOff : TimeSpan.FromTicks(Math.Min(backOff.Ticks * 2, LongestBackOff.Ticks));
            await Task.Delay(backOff, _time, cancellationToken);
        }
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // Without any signal a snapshot is published all the same: only so does it become stale when the engine's session hangs.
            await _signals.Reader.WaitToReadAsync(_patience.Pace * 1.5, _time, cancellationToken);
            while (_signals.Reader.TryRead(out var signal))
            {
                ApplySafely(signal);
            }

            var started = _time.GetTimestamp();
            PublishSafely();

            // However large the fleet and however lively, publishing takes a tenth of a core at most. The limit is for a machine that
            // stands still.
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

    // One strange answer must not stop the others: what it is about is marked, and looked at again.
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
                _inventory.GiveUp(inspected.Id, $"its inspection could not be used ({fault.GetType().Name})", signal.At);
            }
        }
    }

    private void PublishSafely()
    {
        try
        {
            Publish();
            _notPublishedSince = null;
        }
        catch (Exception fault)
        {
            LogNotPublished(fault);
            _notPublishedSince ??= _takenAt;
            store.PublishStale(
                ++_sequence,
                _notPublishedSince.Value,
                $"The Collector could not compute the fleet's state ({fault.GetType().Name}). Its log has the details; please report them."
            );
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
            _inventory.Apply(read.Metadata);
            return;
        }

        (_takenAt, _heardAt) = (signal.At, _time.GetTimestamp());
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
                _inventory.Networks = listed.Networks ?? _inventory.Networks;
                _inventory.Services = listed.Services ?? [];
                Compare(listed);
                break;
            case Signal.Inspected { Facts: { } facts }:
                _inventory.Put(facts, signal.At);
                break;
            case Signal.Inspected gone:
                _inventory.Deny(gone.Id);
                break;
            case Signal.InspectFailed failed when !_inventory.GiveUp(failed.Id, failed.Reason, signal.At):
                _session?.Reconcile(); // It is newer than the list: the next one has it, or it is gone.
                break;
            case Signal.InspectFailed:
                break;
            case Signal.Tagged tagged:
                _inventory.Apply(tagged.Images);
                break;
            case Signal.Sampled sampled:
                _inventory.Sample(sampled.Round.Readings, _patience.Pace);
                _round = sampled.Round;
                _patience.SetPace(sampled.Pace, sampled.At);
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
                var isNews = _inventory.IsNews(what, _time.GetUtcNow());
                _inventory.Observe(what);
                if (isNews)
                {
                    _session?.Inspect(what.Id);
                }

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
            LogSilent();
            _session?.ReopenEvents();
        }
    }

    private void Publish()
    {
        // Whatever the cause, a hanging session above all: what the engine has not confirmed for three intervals is not called current.
        if (_lost is null && _heardAt is { } heardAt && _time.GetElapsedTime(heardAt) is var silence && silence > _patience.At(_takenAt))
        {
            _lost = (_takenAt, $"The engine has sent nothing for {(int)silence.TotalSeconds} s.");
            _silent = true;
        }
        else if (_silent && _heardAt is { } again && _time.GetElapsedTime(again) <= _patience.At(_takenAt))
        {
            _silent = false;
        }

        if (_inventory.IsComplete && !_silent)
        {
            _lost = null;
            _session?.SetRunning(_inventory.SampleTargets(), _inventory.DatabaseTargets());
        }
        else if (_lost is null)
        {
            return; // Half a fleet is no fleet: the last snapshot stands until everything is known again.
        }

        var targets = GuardInputs.Create(_inventory, own, sources, actionOptions.Value.Enabled);

        // First, so that whoever has seen a container on the page can act on it.
        if (_inventory.IsComplete)
        {
            book.Publish(targets);
        }

        var moment = new SnapshotMoment(
            ++_sequence,
            _time.GetUtcNow(),
            _takenAt,
            _patience.Pace,
            _patience.At(_takenAt),
            _lost?.Since,
            _lost?.Reason,
            [.. Problems()]
        )
        {
            Round = _round,
        };
        store.Publish(SnapshotAssembler.Assemble(_inventory, targets, history, databases, moment), ScrapeState.Create(_inventory, moment));
    }

    private IEnumerable<string> Problems()
    {
        foreach (
            var trouble in new[] { trail.Trouble, _round?.Trouble }
                .OfType<string>()
                .Concat(_inventory.Host?.Problems ?? [])
                .Concat(_session?.Problems ?? [])
        )
        {
            yield return trouble;
        }

        if (_inventory.Unusable > 0)
        {
            yield return $"{_inventory.Unusable} entries of the engine's list have no valid id, or are beyond the limit of "
                + $"{EngineLimits.Containers}. They are not shown.";
        }
    }

    [LoggerMessage(LogLevel.Error, "A {Signal} of the engine could not be applied.")]
    private partial void LogNotApplied(Exception fault, string signal);

    [LoggerMessage(LogLevel.Critical, "The snapshot could not be made. The last one is shown as stale until it can.")]
    private partial void LogNotPublished(Exception fault);

    [LoggerMessage(LogLevel.Warning, "The engine's list changed twice without an event. The stream of events is opened again.")]
    private partial void LogSilent();

    [LoggerMessage(LogLevel.Warning, "Lost the engine. {Reason}")]
    private partial void LogLost(string reason);
}
