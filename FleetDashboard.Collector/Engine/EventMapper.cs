using System.Globalization;
using System.Text.Json;

namespace FleetDashboard.Collector.Engine;

/// <summary>The engine's events as <see cref="EngineEvent"/>.</summary>
internal static class EventMapper
{
    // Filtered at the engine: health checks (exec_*) alone would be two events per check and container.
    private static readonly string[] Wanted =
    [
        "create",
        "start",
        "restart",
        "die",
        "stop",
        "oom",
        "pause",
        "unpause",
        "rename",
        "update",
        "destroy",
        "health_status",
        "connect",
        "disconnect",
        "pull",
        "tag",
        "untag",
        "delete",
        "load",
        "import",
    ];

    private static readonly string Filters = JsonFilters();

    /// <summary>The query of <c>GET /events</c>, beginning at a moment of the engine's clock.</summary>
    public static string Query(DateTimeOffset since)
    {
        var ticks = since.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        var from = string.Create(
            CultureInfo.InvariantCulture,
            $"{ticks / TimeSpan.TicksPerSecond}.{ticks % TimeSpan.TicksPerSecond:0000000}00"
        );
        return $"since={from}&filters={Uri.EscapeDataString(Filters)}";
    }

    /// <summary>The event; null for one that changes nothing here.</summary>
    public static EngineEvent? Map(JsonElement json, EngineClock clock)
    {
        if (
            json.Member("Actor") is not { } actor
            || actor.Text("ID") is not { Length: > 0 } subject
            || json.Text("Action") is not { Length: > 0 } action
        )
        {
            return null;
        }

        // A network's connect and disconnect change the container, so its id counts.
        var (type, attributes) = (json.Text("Type") ?? "container", actor.Member("Attributes"));
        var id = type == "network" && attributes?.Text("container") is { Length: > 0 } container ? container : subject;
        if ((type == "container" || action is "connect" or "disconnect") && !ContainerList.IsId(id))
        {
            return null;
        }

        var exitCode =
            attributes?.Text("exitCode") is { } code && int.TryParse(code, CultureInfo.InvariantCulture, out var parsed)
                ? parsed
                : (int?)null;
        var colon = action.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? action : action[..colon];
        return new EngineEvent(
            clock.ToOurs(At(json)),
            type,
            name,
            id,
            exitCode,
            Detail(name, colon < 0 ? null : action[(colon + 1)..].Trim(), attributes)
        );
    }

    // Docker writes "health_status: healthy". Podman writes the health into an attribute; its name depends on the version.
    private static string? Detail(string action, string? suffix, JsonElement? attributes) =>
        action switch
        {
            "health_status" => suffix
                ?? attributes?.Text("health_status")
                ?? attributes?.Text("containerHealthStatus")
                ?? attributes?.Text("healthStatus"),
            _ => null,
        };

    private static DateTimeOffset At(JsonElement json)
    {
        const long nanosecondsPerTick = 100;
        var ticks =
            json.Number("timeNano") is > 0 and var nanoseconds ? nanoseconds / nanosecondsPerTick
            : json.Number("time") is > 0 and < 100_000_000_000 and var seconds ? seconds * TimeSpan.TicksPerSecond
            : 0;
        var at = DateTimeOffset.UnixEpoch.AddTicks(ticks);
        return EngineLimits.IsTime(at) ? at : DateTimeOffset.UnixEpoch;
    }

    private static string JsonFilters()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            Set("type", ["container", "network", "image"]);
            Set("event", Wanted);
            json.WriteEndObject();

            void Set(string name, string[] values)
            {
                json.WriteStartObject(name);
                foreach (var value in values)
                {
                    json.WriteBoolean(value, true);
                }

                json.WriteEndObject();
            }
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
