using System.Diagnostics.Metrics;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Metrics;

/// <summary>The sizes of the fleet's databases.</summary>
internal static class DatabaseInstruments
{
    /// <param name="meter">Receives the instruments.</param>
    /// <param name="current">The snapshot, and the moment before which a measurement is too old.</param>
    public static void Add(Meter meter, Func<(FleetSnapshot? Snapshot, DateTimeOffset NotBefore)> current)
    {
        meter.CreateObservableGauge(
            "fleet.database.size",
            () => Databases(database => database.Bytes),
            "By",
            "Size of each database; for Redis and Valkey the memory in use."
        );
        meter.CreateObservableGauge(
            "fleet.database.growth",
            () => Databases(database => database.GrowthBytes),
            "By",
            "Change of each database's size over the last 24 hours; absent until it was watched for so long."
        );

        IEnumerable<Measurement<long>> Databases(Func<DatabaseSnapshot, long?> read)
        {
            var (snapshot, notBefore) = current();
            return from app in snapshot?.Apps ?? Enumerable.Empty<AppSnapshot>()
                from database in app.Databases
                let value = read(database)
                where value is not null && database.MeasuredAt >= notBefore
                select new Measurement<long>(
                    value.Value,
                    new("app", MetricLabel.Bounded(app.Name)),
                    new("container", MetricLabel.Bounded(database.Container)),
                    new("kind", database.Kind),
                    new("database", MetricLabel.Bounded(database.Name))
                );
        }
    }
}
