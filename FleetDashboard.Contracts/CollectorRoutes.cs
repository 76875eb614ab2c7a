namespace FleetDashboard.Contracts;

/// <summary>The Collector's routes, for those who map them and those who call them.</summary>
public static class CollectorRoutes
{
    public const string Fleet = "/api/v1/fleet";
    public const string FleetStream = "/api/v1/fleet/stream";
    public const string App = "/api/v1/apps/{app}";
    public const string AppLogs = "/api/v1/apps/{app}/logs";
    public const string Container = "/api/v1/containers/{id}";
    public const string ContainerLogs = "/api/v1/containers/{id}/logs";
    public const string Metrics = "/metrics";
    public const string Health = "/health";
    public const string Alive = "/alive";
    public const string OpenApi = "/openapi/v1.json";

    /// <summary>Name of the stream's event that carries a <see cref="FleetSnapshot"/>.</summary>
    public const string SnapshotEvent = "snapshot";

    /// <summary>Name of the stream's event that says only that the Collector lives; sent when nothing else was for a while.</summary>
    public const string HeartbeatEvent = "heartbeat";

    /// <summary>The longest silence of the stream, in seconds: a reader that hears nothing for three times as long may give up.</summary>
    public const int HeartbeatSeconds = 5;
}
