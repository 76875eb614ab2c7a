using System.Diagnostics.Metrics;
using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Metrics;

/// <summary>
/// The dashboard's metrics, read from the newest snapshot. OpenTelemetry's SDK never forgets a label set and accepts no more beyond a
/// limit. Metrics with container names are therefore in a meter of their own, which is recreated before it reaches the limit.
/// </summary>
/// <remarks>
/// It is recreated at the start of a collection, in the callback of the very first instrument. The SDK runs one collection at a time and
/// its callbacks one after another, including instruments that appear meanwhile. So each collection reads exactly one meter and one
/// snapshot.
/// </remarks>
internal sealed class FleetMetrics : IDisposable
{
    public const string MeterName = "FleetDashboard.Collector.Fleet";
    public const string NamedMeterName = "FleetDashboard.Collector.Containers";

    /// <summary>
    /// The label sets of an instrument at the start, and the limit of doubling. The SDK reserves about 90 bytes for each one, so a fleet
    /// that rarely changes must not pay for a fleet with a thousand new containers.
    /// </summary>
    private const int SmallestLimit = 1_000,
        LargestLimit = 20_000;

    private readonly SnapshotStore _store;
    private readonly TimeProvider _time;
    private readonly TimeSpan _databaseAge;
    private SeriesTally _tally = new();
    private PublishedSnapshot? _current;
    private Meter _named;

    public FleetMetrics(IMeterFactory meters, SnapshotStore store, IOptions<DatabaseOptions> databases, TimeProvider time)
    {
        // An old measurement is dropped. The page shows its age; a series would show it as current.
        const int freshIntervals = 3;
        (Meters, _store, _time, _databaseAge) = (meters, store, time, databases.Value.Interval * freshIntervals);

        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge(
            "fleet.snapshot.age",
            () =>
            {
                Begin();
                return Read(snapshot => (time.GetUtcNow() - snapshot.TakenAt).TotalSeconds);
            },
            "s",
            "Time since the engine's last answer that the snapshot contains."
        );
        meter.CreateObservableGauge(
            "fleet.stale",
            () => Read(snapshot => snapshot.Stale ? 1 : 0),
            null,
            "1 while the engine cannot be reached and the snapshot is the last known state."
        );
        meter.CreateObservableGauge(
            "fleet.verdict",
            () => Verdict(),
            null,
            "1 for the colour of the fleet's verdict, 0 for each other colour."
        );
        meter.CreateObservableGauge(
            "fleet.apps",
            () => ByColor(snapshot => snapshot.Apps.Select(app => app.Color)),
            "{app}",
            "Apps by colour."
        );
        meter.CreateObservableGauge(
            "fleet.containers",
            () => ByColor(snapshot => snapshot.Apps.SelectMany(app => app.Containers).Select(container => container.Color)),
            "{container}",
            "Containers by colour."
        );
        meter.CreateObservableGauge("fleet.container.states", () => ByState(), "{container}", "Containers by the engine's state.");
        meter.CreateObservableGauge(
            "fleet.stream.subscribers",
            () => store.SubscriberCount,
            "{subscriber}",
            "Readers of the snapshot's stream."
        );
        meter.CreateObservableGauge(
            "fleet.sampling.source",
            () => Sources(),
            "{container}",
            "Running containers by the source of their stats: cgroup files or the engine's socket."
        );
        meter.CreateObservableGauge(
            "fleet.sampling.interval",
            () => Read(snapshot => snapshot.IntervalSeconds),
            "s",
            "Time from the last reading of the stats to the next; longer while the dashboard is not viewed."
        );
        _named = Named();
    }

    /// <summary>Identifies the meters of this Collector among several in the same process.</summary>
    public IMeterFactory Meters { get; }

    /// <summary>The most label sets of each instrument in the meter that is being created.</summary>
    public int SeriesLimit { get; private set; } = SmallestLimit;

    public void Dispose() => _named.Dispose();

    private void Begin()
    {
        _current = _store.Current;
        if (_current is null)
        {
            return;
        }

        _tally.Add(_current);
        if (_tally.Most <= SeriesLimit)
        {
            return;
        }

        // Allow twice the current series count and double the limit each time, so that the meter is recreated rarely.
        (_tally = new()).Add(_current);
        SeriesLimit = Math.Max(Math.Min(2 * SeriesLimit, LargestLimit), 2 * _tally.Most);
        _named.Dispose();
        _named = Named();
    }

    // Not from the factory: it would return the disposed meter.
    private Meter Named()
    {
        var meter = new Meter(NamedMeterName, version: null, tags: null, scope: this);
        AppInstruments.Add(meter, () => Fresh?.Snapshot);
        DatabaseInstruments.Add(meter, () => (_current?.Snapshot, _time.GetUtcNow() - _databaseAge));
        ContainerInstruments.Add(meter, () => Fresh, _time);
        return meter;
    }

    // While the engine is lost the state of the apps is unknown. fleet_stale says so; a series that continued would be believed.
    private PublishedSnapshot? Fresh => _current is { Snapshot.Stale: false } current ? current : null;

    private IEnumerable<Measurement<double>> Read(Func<FleetSnapshot, double> read) =>
        _current is { } current ? [new Measurement<double>(read(current.Snapshot))] : [];

    private IEnumerable<Measurement<long>> Verdict() =>
        _current is { } current
            ? ColorNames.All.Select(color => new Measurement<long>(
                current.Snapshot.Verdict.Color == color.Color ? 1 : 0,
                new KeyValuePair<string, object?>("color", color.Word)
            ))
            : [];

    private IEnumerable<Measurement<long>> ByColor(Func<FleetSnapshot, IEnumerable<HealthColor>> colors)
    {
        if (_current is not { } current)
        {
            return [];
        }

        var counts = colors(current.Snapshot).CountBy(color => color).ToDictionary();
        return ColorNames.All.Select(color => new Measurement<long>(
            counts.GetValueOrDefault(color.Color),
            new KeyValuePair<string, object?>("color", color.Word)
        ));
    }

    private IEnumerable<Measurement<long>> Sources() =>
        Fresh is { Scrape.Round: { } round }
            ?
            [
                new Measurement<long>(round.FromFiles, new KeyValuePair<string, object?>("source", StatsSources.Cgroup)),
                new Measurement<long>(round.FromSocket, new KeyValuePair<string, object?>("source", StatsSources.Socket)),
            ]
            : [];

    private IEnumerable<Measurement<long>> ByState()
    {
        if (_current is not { } current)
        {
            return [];
        }

        var counts = current.Snapshot.Apps.SelectMany(app => app.Containers).CountBy(container => container.State).ToDictionary();
        string[] states = ["created", "running", "paused", "restarting", "removing", "exited", "dead"];
        return states.Select(state => new Measurement<long>(
            counts.GetValueOrDefault(state),
            new KeyValuePair<string, object?>("state", state)
        ));
    }
}
