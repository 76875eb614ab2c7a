namespace FleetDashboard.Contracts;

/// <summary>The Collector's routes and the events of its streams.</summary>
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
    /// Query parameter of the stream: with <c>false</c> the reader follows the fleet but no viewer is present, so stats are read at the
    /// idle pace.
    /// </summary>
    public const string WatchingParameter = "watching";

    /// <summary>Name of the stream's event that carries a <see cref="FleetSnapshot"/>.</summary>
    public const string SnapshotEvent = "snapshot";

    /// <summary>Name of the event that shows that the Collector is alive. Sent after a silence.</summary>
    public const string HeartbeatEvent = "heartbeat";

    /// <summary>
    /// Name of the event with which the fleet's stream lists the jobs: unfinished jobs, and jobs that ended within the last two minutes.
    /// Sent once, before the first <see cref="JobEvent"/>. An unfinished job that is not listed no longer exists.
    /// </summary>
    public const string JobsEvent = "jobs";

    /// <summary>Name of the event of both streams that carries a changed <see cref="Contracts.Job"/>.</summary>
    public const string JobEvent = "job";

    /// <summary>Name of the fleet stream's event that carries the new raw lines of one job, as a <see cref="JobOutput"/>.</summary>
    public const string JobLinesEvent = "job-lines";

    /// <summary>Name of a job stream's event that carries a <see cref="JobLine"/>.</summary>
    public const string LineEvent = "line";

    /// <summary>
    /// The header that makes the same request sent twice one job: 1 to 128 visible ASCII characters, remembered for a day.
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

    /// <summary>The longest silence of a stream in seconds. A reader that receives nothing for three times as long may reconnect.</summary>
    public const int HeartbeatSeconds = 5;
}
