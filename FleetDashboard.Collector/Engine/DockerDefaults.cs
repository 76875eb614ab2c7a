namespace FleetDashboard.Collector.Engine;

/// <summary>What Docker assumes where a container does not say.</summary>
internal static class DockerDefaults
{
    /// <summary>How long a container may take to stop before it is killed.</summary>
    public static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The interval of a health check, and its timeout.</summary>
    public static readonly TimeSpan HealthCheck = TimeSpan.FromSeconds(30);

    /// <summary>Failed health checks in a row that make a container unhealthy.</summary>
    public const int HealthRetries = 3;
}
