using System.Diagnostics.Metrics;
using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Metrics;

/// <summary>The dashboard's own metrics over the snapshot of the moment.</summary>
internal sealed class FleetMetrics
{
    public const string MeterName = "FleetDashboard.Collector.Fleet";
    public const string DatabaseSize = "fleet.database.size";
    public const string DatabaseGrowth = "fleet.database.growth";

    /// <summary>A size is reported until it could have been measured so many times again.</summary>
    private const int FreshIntervals = 3;

    public FleetMetrics(IMeterFactory meters, SnapshotStore store, IOptions<DatabaseOptions> databases, TimeProvider time)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("fleet.snapshot.age", () => Read(store, snapshot => (time.GetUtcNow() - snapshot.TakenAt).TotalSeconds), "s",
            "Time since the engine last told something that the snapshot holds.");
        meter.CreateObservableGauge("fleet.stale", () => Read(store, snapshot => snapshot.Stale ? 1 : 0), null,
            "1 while the engine cannot be reached and the snapshot is the last known state.");
        meter.CreateObservableGauge("fleet.apps", () => ByColor(store, snapshot => snapshot.Apps.Select(app => app.Color)), "{app}",
            "Apps by colour.");
        meter.CreateObservableGauge("fleet.containers", () => ByColor(store, snapshot => snapshot.Apps.SelectMany(app => app.Containers).Select(container => container.Color)), "{container}",
            "Containers by colour.");
        meter.CreateObservableGauge(DatabaseSize, () => Databases(store, NotBefore(), database => database.Bytes), "By",
            "Size of each database; for Redis and Valkey the memory in use.");
        meter.CreateObservableGauge(DatabaseGrowth, () => Databases(store, NotBefore(), database => database.GrowthBytes), "By",
            "Change of each database's size over the last 24 hours; absent until it was watched for so long.");
        meter.CreateObservableGauge("fleet.stream.subscribers", () => store.SubscriberCount, "{subscriber}",
            "Readers of the snapshot's stream.");

        DateTimeOffset NotBefore() => time.GetUtcNow() - (databases.Value.Interval * FreshIntervals);
    }

    // What was measured long ago is no measurement any more; the page shows it with its age, a series would show it as today's.
    private static IEnumerable<Measurement<long>> Databases(SnapshotStore store, DateTimeOffset notBefore, Func<DatabaseSnapshot, long?> figure)
    {
        if (store.Current is not { } current)
        {
            return [];
        }

        return from app in current.Snapshot.Apps
               from database in app.Databases
               let value = figure(database)
               where value is not null && database.MeasuredAt >= notBefore
               select new Measurement<long>(
                   value.Value, new("app", app.Name), new("container", database.Container), new("kind", database.Kind), new("database", database.Name));
    }

    private static IEnumerable<Measurement<double>> Read(SnapshotStore store, Func<FleetSnapshot, double> figure) =>
        store.Current is { } current ? [new Measurement<double>(figure(current.Snapshot))] : [];

    private static IEnumerable<Measurement<long>> ByColor(SnapshotStore store, Func<FleetSnapshot, IEnumerable<HealthColor>> colors)
    {
        if (store.Current is not { } current)
        {
            return [];
        }

        var counts = colors(current.Snapshot).CountBy(color => color).ToDictionary();
        return Enum.GetValues<HealthColor>().Select(color => new Measurement<long>(
            counts.GetValueOrDefault(color), new KeyValuePair<string, object?>("color", Word(color))));
    }

    private static string Word(HealthColor color) => color switch
    {
        HealthColor.Green => "green",
        HealthColor.Amber => "amber",
        HealthColor.Red => "red",
        _ => "grey",
    };
}
