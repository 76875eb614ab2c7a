using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;

namespace FleetDashboard.Collector.Databases;

/// <summary>A running container whose databases are measured.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name, for the log.</param>
/// <param name="Kind">As in <c>DatabaseKinds</c>.</param>
/// <param name="StartedAt">When this run began (UTC). A restarted container is measured again at once.</param>
internal sealed record DatabaseTarget(string Id, string Name, string Kind, DateTimeOffset? StartedAt);

/// <summary>Finds the running containers that hold a database of a known kind.</summary>
internal static class DatabaseTargets
{
    public static ImmutableArray<DatabaseTarget> Find(ImmutableArray<ContainerFacts> containers) =>
        [
            .. from container in containers
            where container.IsRunning
            let kind = DatabaseKinds.KindOf(container)
            where kind is not null
            select new DatabaseTarget(container.Id, container.Name, kind, container.StartedAt),
        ];
}
