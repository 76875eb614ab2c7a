using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FleetDashboard.Collector.Api;

/// <summary>Finds the app or container that a caller names, in the snapshot only.</summary>
internal static class Lookup
{
    /// <summary>The app with this name; null with a problem where there is no such app.</summary>
    public static AppSnapshot? App(SnapshotStore store, string name, out ProblemHttpResult? problem)
    {
        // The server decodes every escape in a path except %2F, so a slash in an app's name arrives escaped.
        var apps = store.Current?.Snapshot.Apps ?? [];
        var decoded = name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var found = apps.FirstOrDefault(one => one.Name == name) ?? apps.FirstOrDefault(one => one.Name == decoded);
        problem = found is null ? NotFound($"There is no app with this name. {CollectorRoutes.Fleet} lists the apps.") : null;
        return found;
    }

    /// <summary>
    /// The one container whose id starts with these digits, with its app's name; null with a problem where there is not exactly one.
    /// </summary>
    public static (string App, ContainerSnapshot Container)? Container(SnapshotStore store, string id, out ProblemHttpResult? problem)
    {
        problem = null;
        if (!ContainerId.IsValid(id))
        {
            problem = TypedResults.Problem(
                "A container id has 12 to 64 hexadecimal digits in lower case.",
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
                ? $"There is no container with this id. {CollectorRoutes.Fleet} lists the containers."
                : "More than one container id starts with these digits. Send more of them."
        );
        return null;
    }

    private static ProblemHttpResult NotFound(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status404NotFound);
}
