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

    /// <summary>Runs an action on one container. The actions of the contract also have fixed routes: <see cref="FixedAction"/>.</summary>
    public const string ContainerAction = "/api/v1/containers/{id}/actions/{action}";

    /// <summary>Runs an action on every container of an app for which it is offered.</summary>
    public const string AppAction = "/api/v1/apps/{app}/actions/{action}";

    public const string Jobs = "/api/v1/jobs";
    public const string Job = "/api/v1/jobs/{id}";
    public const string JobStream = "/api/v1/jobs/{id}/stream";
    public const string JobCancel = "/api/v1/jobs/{id}/cancel";
    public const string Audit = "/api/v1/audit";
    public const string AuditExport = "/api/v1/audit/export";
    public const string AuditAccounts = "/api/v1/audit/accounts";
    public const string Metrics = "/metrics";
    public const string CadvisorMetrics = "/metrics/cadvisor";
    public const string Health = "/health";
    public const string Alive = "/alive";
    public const string OpenApi = "/openapi/v1.json";

    /// <summary>
    /// Query parameter of the stream: with <c>false</c> its reader keeps up with the fleet and nobody looks, so that figures are read at
    /// the idle pace.
    /// </summary>
    public const string WatchingParameter = "watching";

    /// <summary>Name of the stream's event that carries a <see cref="FleetSnapshot"/>.</summary>
    public const string SnapshotEvent = "snapshot";

    /// <summary>Name of the stream's event that says only that the Collector lives; sent when nothing else was for a while.</summary>
    public const string HeartbeatEvent = "heartbeat";

    /// <summary>Name of a job stream's event that carries a <see cref="Contracts.Job"/>.</summary>
    public const string JobEvent = "job";

    /// <summary>Name of a job stream's event that carries a <see cref="JobLine"/>.</summary>
    public const string LineEvent = "line";

    /// <summary>
    /// The header with which the same request sent twice stays one job: 1 to 128 visible ASCII characters, kept for a day.
    /// </summary>
    public const string IdempotencyHeader = "Idempotency-Key";

    /// <summary>The fixed route of one of <see cref="ActionNames.WithFixedRoutes"/>.</summary>
    /// <param name="owner"><see cref="Container"/> or <see cref="App"/>.</param>
    /// <param name="action">The action's name.</param>
    public static string FixedAction(string owner, string action) => $"{owner}/{action}";

    /// <summary>A route with its parameters replaced by values, in order. Each value is escaped.</summary>
    public static string Fill(string route, params ReadOnlySpan<string> values)
    {
        foreach (var value in values)
        {
            var (start, end) = (route.IndexOf('{', StringComparison.Ordinal), route.IndexOf('}', StringComparison.Ordinal));
            route = $"{route[..start]}{Uri.EscapeDataString(value)}{route[(end + 1)..]}";
        }

        return route;
    }

    /// <summary>The longest silence of the stream, in seconds: a reader that hears nothing for three times as long may give up.</summary>
    public const int HeartbeatSeconds = 5;
}
