using System.Text.Json.Nodes;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// How long an action waits for a container to stop and to become healthy. The container or its image declares both, and may declare any
/// number. Every wait is limited here, so that each job ends.
/// </summary>
internal static class WaitLimits
{
    /// <summary>The longest wait for a container to stop.</summary>
    public static readonly TimeSpan LongestStop = TimeSpan.FromHours(1);

    /// <summary>The longest wait for a container to become healthy.</summary>
    public static readonly TimeSpan LongestHealth = TimeSpan.FromHours(1);

    /// <summary>The wait for a container that the engine never kills (a negative stop timeout).</summary>
    public static readonly TimeSpan EndlessStop = TimeSpan.FromMinutes(10);

    private const double NanosecondsPerSecond = 1e9;

    /// <summary>The wait for a container to stop, from its stop timeout. A negative timeout means no limit.</summary>
    public static TimeSpan Stop(TimeSpan declared) =>
        declared < TimeSpan.Zero ? EndlessStop
        : declared < LongestStop ? declared
        : LongestStop;

    /// <summary>The same, from the engine's description of a container.</summary>
    public static TimeSpan Stop(JsonNode? config) =>
        Number(config?["StopTimeout"]) switch
        {
            null => DockerDefaults.StopTimeout,
            < 0 => EndlessStop,
            { } seconds => seconds < LongestStop.TotalSeconds ? TimeSpan.FromSeconds(seconds) : LongestStop,
        };

    /// <summary>
    /// The wait for a container to become healthy: its start period, plus the number of probes after which it counts as unhealthy.
    /// </summary>
    /// <param name="check">Its health check, in the engine's JSON.</param>
    public static TimeSpan Health(JsonNode? check) =>
        Declared(check) is var declared && declared < LongestHealth.TotalSeconds ? TimeSpan.FromSeconds(declared) : LongestHealth;

    /// <summary>Describes the waits to the operator before anything is changed.</summary>
    /// <param name="oldConfig">The settings of the old container, which is the one to stop.</param>
    /// <param name="check">The health check of the new container. Null if it has none.</param>
    public static IEnumerable<string> Announce(JsonNode? oldConfig, JsonNode? check)
    {
        if (Number(oldConfig?["StopTimeout"]) is { } stop && (stop < 0 || stop > LongestStop.TotalSeconds))
        {
            var declared = stop < 0 ? "has no limit" : $"is {DescribeSeconds(stop)}";
            yield return $"The stop timeout {declared}. "
                + $"The job waits at most {Format.RoughDuration(Stop(oldConfig))} for the container to stop.";
        }

        if (HasProbe(check))
        {
            yield return Declared(check) is var health && health > LongestHealth.TotalSeconds
                ? $"The health check allows {DescribeSeconds(health)} until the container is healthy. "
                    + $"The job waits at most {Format.RoughDuration(LongestHealth)}, then restores the old container."
                : $"The job waits up to {Format.RoughDuration(Health(check))} for the new container to become healthy.";
        }
    }

    /// <summary>Whether a health check runs a test.</summary>
    public static bool HasProbe(JsonNode? check) =>
        check?["Test"] is JsonArray { Count: > 0 } test && Text(test[0]) is not ("NONE" or "" or null);

    private static double Declared(JsonNode? check)
    {
        var retries = Number(check?["Retries"]) is > 0 and var count ? count : DockerDefaults.HealthRetries;
        return Nanoseconds("StartPeriod", TimeSpan.Zero)
            + ((retries + 1) * (Nanoseconds("Interval", DockerDefaults.HealthCheck) + Nanoseconds("Timeout", DockerDefaults.HealthCheck)));

        double Nanoseconds(string name, TimeSpan otherwise) =>
            Number(check?[name]) is > 0 and var nanoseconds ? nanoseconds / NanosecondsPerSecond : otherwise.TotalSeconds;
    }

    private static double? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static string DescribeSeconds(double seconds) =>
        Format.RoughDuration(TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 2)));
}
