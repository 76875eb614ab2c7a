using System.Diagnostics.Metrics;
using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Metrics;

/// <summary>
/// The dashboard's metrics over the snapshot of the moment. OpenTelemetry's SDK never forgets a set of labels and stops taking new ones
/// at a limit; so whatever is named after a container lives in a meter that is replaced long before that (<see cref="Renew"/>).
/// </summary>
internal sealed class FleetMetrics : IDisposable
{
    public const string MeterName = "FleetDashboard.Collector.Fleet";
    public const string NamedMeterName = "FleetDashboard.Collector.Containers";

    /// <summary>The most sets of labels of one instrument in the life of one meter. The SDK sets aside some 93 bytes for each.</summary>
    public const int SeriesLimit = 20_000;

    /// <summary>So many containers seen mean a new meter: with two networks each of two directions they come to half of the limit.</summary>
    private const int SeenLimit = 2_500;

    private static readonly TimeSpan RenewInterval = TimeSpan.FromSeconds(30);

    private readonly SnapshotStore _store;
    private readonly TimeProvider _time;
    private readonly TimeSpan _databaseAge;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _seen = [];
    private readonly ITimer _timer;
    private Meter _named;

    public FleetMetrics(IMeterFactory meters, SnapshotStore store, IOptions<DatabaseOptions> databases, TimeProvider time)
    {
        // What was measured long ago is no measurement any more; the page shows it with its age, a series would show it as today's.
        const int freshIntervals = 3;
        (_store, _time, _databaseAge) = (store, time, databases.Value.Interval * freshIntervals);

        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("fleet.snapshot.age", () => Read(snapshot => (time.GetUtcNow() - snapshot.TakenAt).TotalSeconds), "s",
            "Time since the engine last told something that the snapshot holds.");
        meter.CreateObservableGauge("fleet.stale", () => Read(snapshot => snapshot.Stale ? 1 : 0), null,
            "1 while the engine cannot be reached and the snapshot is the last known state.");
        meter.CreateObservableGauge("fleet.verdict", () => Verdict(), null, "1 for the colour of the fleet's verdict, 0 for the others.");
        meter.CreateObservableGauge("fleet.apps", () => ByColor(snapshot => snapshot.Apps.Select(app => app.Color)), "{app}", "Apps by colour.");
        meter.CreateObservableGauge("fleet.containers", () => ByColor(snapshot => snapshot.Apps.SelectMany(app => app.Containers).Select(container => container.Color)),
            "{container}", "Containers by colour.");
        meter.CreateObservableGauge("fleet.container.states", () => ByState(), "{container}", "Containers by the engine's state.");
        meter.CreateObservableGauge("fleet.stream.subscribers", () => store.SubscriberCount, "{subscriber}", "Readers of the snapshot's stream.");
        _named = Named();

        // Beside the scrapes, for those who only push.
        _timer = time.CreateTimer(_ => Renew(), null, RenewInterval, RenewInterval);
    }

    /// <summary>Begins the meter of the named series anew where it has seen many names. Called before a scrape too.</summary>
    public void Renew()
    {
        using (_gate.EnterScope())
        {
            if (_store.Current is { } current)
            {
                _seen.UnionWith(current.Scrape.Containers.Select(container => container.Facts.Id));
            }

            // A fleet that is larger by itself is not begun anew at each scrape.
            var present = _store.Current?.Scrape.Containers.Length ?? 0;
            if (_seen.Count > Math.Max(SeenLimit, present + (present / 4)))
            {
                _seen.Clear();
                _named.Dispose();
                _named = Named();
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _named.Dispose();
    }

    // Not from the factory: that would hand out the one that was disposed.
    private Meter Named()
    {
        var meter = new Meter(NamedMeterName);
        AppInstruments.Add(meter, () => Fresh?.Snapshot);
        DatabaseInstruments.Add(meter, () => (_store.Current?.Snapshot, _time.GetUtcNow() - _databaseAge));
        ContainerInstruments.Add(meter, () => Fresh, _time);
        return meter;
    }

    // While the engine is away nobody knows how the apps are. fleet_stale says so; a series that went on would be believed.
    private PublishedSnapshot? Fresh => _store.Current is { Snapshot.Stale: false } current ? current : null;

    private IEnumerable<Measurement<double>> Read(Func<FleetSnapshot, double> figure) =>
        _store.Current is { } current ? [new Measurement<double>(figure(current.Snapshot))] : [];

    private IEnumerable<Measurement<long>> Verdict() => _store.Current is { } current
        ? ColorWords.All.Select(color => new Measurement<long>(current.Snapshot.Verdict.Color == color.Color ? 1 : 0, new KeyValuePair<string, object?>("color", color.Word)))
        : [];

    private IEnumerable<Measurement<long>> ByColor(Func<FleetSnapshot, IEnumerable<HealthColor>> colors)
    {
        if (_store.Current is not { } current)
        {
            return [];
        }

        var counts = colors(current.Snapshot).CountBy(color => color).ToDictionary();
        return ColorWords.All.Select(color => new Measurement<long>(counts.GetValueOrDefault(color.Color), new KeyValuePair<string, object?>("color", color.Word)));
    }

    private IEnumerable<Measurement<long>> ByState()
    {
        if (_store.Current is not { } current)
        {
            return [];
        }

        var counts = current.Snapshot.Apps.SelectMany(app => app.Containers).CountBy(container => container.State).ToDictionary();
        string[] states = ["created", "running", "paused", "restarting", "removing", "exited", "dead"];
        return states.Select(state => new Measurement<long>(counts.GetValueOrDefault(state), new KeyValuePair<string, object?>("state", state)));
    }
}
