using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Components.Shared;

/// <summary>
/// What a colour and a container's state are called. A state is told by colour, drawing and word together, never by colour alone.
/// </summary>
internal static class StateText
{
    /// <summary>The name on the wire, in addresses, in CSS classes and of the drawing.</summary>
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

    /// <summary>Where a host's figures come from; null where that is not known.</summary>
    public static string? OfFigures(string? source) =>
        source switch
        {
            StatsSources.Cgroup => "figures from the kernel's cgroup files",
            StatsSources.Socket => "figures from the engine's socket",
            StatsSources.Mixed => "figures from the kernel's cgroup files, of some containers from the engine's socket",
            _ => null,
        };

    public static string OfDatabase(string kind) =>
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
