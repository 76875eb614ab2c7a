using System.Collections.Immutable;
using System.Globalization;

namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>Names, labels and environment as the tool that supposedly created the container would write them.</summary>
internal static class AppLabels
{
    public static string NameOf(AppBlueprint app, ServiceBlueprint service, int seed) =>
        app.Grouping switch
        {
            Grouping.Stack => $"{app.Name}_{service.Service}.{service.Number}.{TaskOf(app, service, seed)}",
            Grouping.Label => $"{app.Name}-{service.Service}",
            _ => $"{app.Name}-{service.Service}-{service.Number}",
        };

    public static ImmutableSortedDictionary<string, string> Create(AppBlueprint app, ServiceBlueprint service, string name, int seed)
    {
        var labels = FleetPlan.NoLabels;
        var number = service.Number.ToString(CultureInfo.InvariantCulture);
        return app.Grouping switch
        {
            Grouping.Compose => labels
                .Add("com.docker.compose.config-hash", StableId.Create(seed, "config " + name))
                .Add("com.docker.compose.container-number", number)
                .Add("com.docker.compose.oneoff", "False")
                .Add("com.docker.compose.project", app.Name)
                .Add("com.docker.compose.project.config_files", $"/srv/{app.Name}/compose.yaml")
                .Add("com.docker.compose.project.working_dir", $"/srv/{app.Name}")
                .Add("com.docker.compose.service", service.Service)
                .Add("com.docker.compose.version", "2.29.7"),
            Grouping.Stack => labels
                .Add("com.docker.stack.namespace", app.Name)
                .Add("com.docker.swarm.service.name", $"{app.Name}_{service.Service}")
                .Add("com.docker.swarm.task.name", name),
            Grouping.Label => labels.Add("fleet.app", app.Name),
            _ => labels,
        };
    }

    // Contains passwords on purpose: tests search for them, so a page that shows a container's environment fails.
    public static ImmutableArray<string> EnvironmentOf(AppBlueprint app, ServiceBlueprint service) =>
        service.Kind switch
        {
            ContainerKind.Postgres =>
            [
                $"POSTGRES_DB={app.Name}",
                $"POSTGRES_USER={app.Name}",
                "POSTGRES_PASSWORD=demo-password-never-show",
                "PGDATA=/var/lib/postgresql/data",
            ],
            ContainerKind.MariaDb =>
            [
                $"MARIADB_DATABASE={app.Name}",
                $"MARIADB_USER={app.Name}",
                "MARIADB_PASSWORD=demo-password-never-show",
                "MARIADB_ROOT_PASSWORD=demo-root-never-show",
            ],
            ContainerKind.Redis => ["REDIS_VERSION=7.4.1"],
            _ => ["TZ=UTC", $"APP_NAME={app.Name}", "APP_SECRET=demo-secret-never-show"],
        };

    private static string TaskOf(AppBlueprint app, ServiceBlueprint service, int seed)
    {
        // Swarm task ids are 25 letters and digits.
        return StableId.Create(seed, $"task {app.Name} {service.Service} {service.Number}")[..25];
    }
}
