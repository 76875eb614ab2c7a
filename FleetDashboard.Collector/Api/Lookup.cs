using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FleetDashboard.Collector.Api;

/// <summary>Finds what a caller names, in the snapshot and nowhere else.</summary>
internal static class Lookup
{
    /// <summary>The app of this name; null, and the answer that says so, where there is none.</summary>
    public static AppSnapshot? App(SnapshotStore store, string name, out ProblemHttpResult? problem)
    {
        // A slash in a name arrives as it was sent: the server decodes everything in a path but that.
        var apps = store.Current?.Snapshot.Apps ?? [];
        var decoded = name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var found = apps.FirstOrDefault(one => one.Name == name) ?? apps.FirstOrDefault(one => one.Name == decoded);
        problem = found is null ? NotFound($"There is no app of this name. {CollectorRoutes.Fleet} lists them.") : null;
        return found;
    }

    /// <summary>
    /// The container whose id begins so, with its app's name; null, and the answer that says why, where there is not exactly one.
    /// </summary>
    public static (string App, ContainerSnapshot Container)? Container(SnapshotStore store, string id, out ProblemHttpResult? problem)
    {
        problem = null;
        if (!ContainerId.IsValid(id))
        {
            problem = TypedResults.Problem(
                "A container's id is 12 to 64 hexadecimal digits in lower case.",
                statusCode: StatusCodes.Status400BadRequest
            );
            return null;
        }

        var found = (
            from app in store.Current?.Snapshot.Apps ?? []
            from container in app.Containers
            where container.Id.StartsWith(id, StringComparison.Ordinal)
            select (app.Name, Container: container)
        )
            .Take(2)
            .ToList();
        if (found is [var one])
        {
            return one;
        }

        problem = NotFound(
            found.Count == 0
                ? $"There is no container of this id. {CollectorRoutes.Fleet} lists them."
                : "More than one container's id begins so: give more of it."
        );
        return null;
    }

    private static ProblemHttpResult NotFound(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status404NotFound);
}
