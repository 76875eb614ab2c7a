using System.Collections.Immutable;
using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>The databases of one container as they cross the wire.</summary>
internal static class DatabaseSnapshots
{
    public static IEnumerable<DatabaseSnapshot> Create(ContainerFacts facts, DatabaseSizes sizes)
    {
        if (DatabaseKinds.KindOf(facts) is not { } kind)
        {
            return [];
        }

        var error = ErrorOf(facts) ?? sizes.ErrorOf(facts.Name, kind);
        var known = sizes.Find(facts.Name, kind);
        if (known.Length > 0)
        {
            return known.Select(database => new DatabaseSnapshot(
                facts.Name,
                kind,
                database.Name,
                database.Bytes,
                database.At,
                error ?? (database.Bytes is null ? database.Why ?? "no permission to see its size" : null),
                database.GrowthBytes
            ));
        }

        // A finished job that uses a database's image (a backup, a migration) holds no database.
        return
            error is null
            || (facts is { State: "exited", ExitCode: 0, RestartPolicy: "no" or "on-failure" } && !sizes.Knows(facts.Name, kind))
            ? []
            : [new DatabaseSnapshot(facts.Name, kind, "", null, null, error, null)];
    }

    /// <summary>The sum of the sizes that were measured; null where none was.</summary>
    public static long? Sum(ImmutableArray<DatabaseSnapshot> databases, Func<DatabaseSnapshot, long?> size) =>
        KnownSum.OfBytes(databases, size);

    private static string? ErrorOf(ContainerFacts facts) =>
        facts.State switch
        {
            "running" => null,
            "paused" => "paused: a paused container cannot be measured",
            "restarting" => "restarting",
            "created" => "not started",
            _ => "stopped",
        };
}
