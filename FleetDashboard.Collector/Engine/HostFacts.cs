using System.Collections.Immutable;
using System.Text.Json;

namespace FleetDashboard.Collector.Engine;

/// <summary>The engine and its machine.</summary>
internal sealed record HostFacts(
    string Name,
    string Engine,
    string EngineVersion,
    string ApiVersion,
    int Cpus,
    long MemoryBytes,
    bool Demo,
    DateTimeOffset? EngineTime
)
{
    /// <summary>The engine label that flags a fleet as invented.</summary>
    private const string DemoLabel = "fleet.demo=true";

    private const int MostLabels = 256;

    /// <summary>cgroupfs or systemd; empty where the engine does not say.</summary>
    public string CgroupDriver { get; init; } = "";

    /// <summary>The engine's own id; empty where it does not say.</summary>
    public string EngineId { get; init; } = "";

    /// <summary>What the engine refused when the session began, one sentence for each.</summary>
    public ImmutableArray<string> Problems { get; init; } = [];

    /// <summary>Reads the answers to <c>GET /version</c> and <c>GET /info</c>. Missing or absurd values are empty or 0.</summary>
    /// <param name="version">The first answer; undefined where it was refused.</param>
    /// <param name="info">The second answer; undefined where it was refused.</param>
    /// <param name="configuredName">The name set for this host; null or blank for the engine's own.</param>
    public static HostFacts Read(JsonElement version, JsonElement info, string? configuredName)
    {
        var component = version.Member("Components").Items(1).Select(first => first.Text("Name")).FirstOrDefault();
        return new HostFacts(
            string.IsNullOrWhiteSpace(configuredName)
                ? info.Text("Name") is { Length: > 0 } name
                    ? name
                    : "host"
                : configuredName,
            component is null or "" or "Engine" ? "Docker" : component,
            version.Text("Version") ?? info.Text("ServerVersion") ?? "",
            version.Text("ApiVersion") ?? "",
            info.Number("NCPU") is > 0 and <= EngineLimits.Cpus and var cpus ? (int)cpus : 0,
            EngineLimits.Size(info.Number("MemTotal")) ?? 0,
            info.Member("Labels").Items(MostLabels).Any(label => EngineJson.AsText(label, EngineLimits.NameLength) == DemoLabel),
            EngineTime: null
        )
        {
            CgroupDriver = info.Text("CgroupDriver") ?? "",
            EngineId = info.Text("ID") ?? "",
        };
    }
}
