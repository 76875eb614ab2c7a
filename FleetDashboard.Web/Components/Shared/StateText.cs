using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Components.Shared;

/// <summary>
/// The names of colours and container states. A state is always shown by colour, icon and text together, never by colour alone.
/// </summary>
internal static class StateText
{
    /// <summary>The name used in JSON, addresses, CSS classes and icon ids.</summary>
    public static string Name(this HealthColor color) =>
        color switch
        {
            HealthColor.Red => "red",
            HealthColor.Amber => "amber",
            HealthColor.Green => "green",
            _ => "grey",
        };

    public static string Describe(HealthColor color) =>
        color switch
        {
            HealthColor.Red => "Down",
            HealthColor.Amber => "Struggling",
            HealthColor.Green => "Healthy",
            _ => "Idle",
        };

    public static string Describe(ContainerSnapshot container) =>
        container.State switch
        {
            "running" => container.Healthcheck switch
            {
                "healthy" => "Healthy",
                "unhealthy" => "Unhealthy",
                "starting" => "Starting",
                _ => "Running",
            },
            "restarting" => "Restarting",
            "paused" => "Paused",
            "created" => "Created",
            "removing" => "Removing",
            "dead" => "Dead",
            "exited" when container is { ExitCode: 0 or null, Color: HealthColor.Grey } => "Finished",
            "exited" => container.ExitCode is { } code ? $"Exited {code}" : "Exited",
            _ => "Unknown",
        };

    /// <summary>Where a host's stats come from. Null if that is not reported.</summary>
    public static string? DescribeStatsSource(string? source) =>
        source switch
        {
            StatsSources.Cgroup => "stats from the kernel's cgroup files",
            StatsSources.Socket => "stats from the engine's socket",
            StatsSources.Mixed => "stats from the kernel's cgroup files, and for some containers from the engine's socket",
            _ => null,
        };

    public static string DescribeDatabase(string kind) =>
        kind switch
        {
            "postgresql" => "PostgreSQL",
            "mysql" => "MySQL",
            "mariadb" => "MariaDB",
            "redis" => "Redis",
            "valkey" => "Valkey",
            "mongodb" => "MongoDB",
            _ => kind,
        };
}
