using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace FleetDashboard.DemoEngine.Faults;

/// <summary>
/// The faults to inject. Paths exclude the version prefix, and <c>*</c> matches any segment: <c>/containers/*/stats</c>. The properties
/// have setters, because the JSON generator sets init-only properties to null instead of their default.
/// </summary>
internal sealed record FaultSettings
{
    /// <summary>Delay added to every response.</summary>
    [Range(0, 600_000)]
    public int LatencyMilliseconds { get; set; }

    /// <summary>Paths whose requests are accepted and never answered.</summary>
    public IReadOnlyList<string> Hang { get; set; } = [];

    /// <summary>Paths whose requests get a 500.</summary>
    public IReadOnlyList<string> Fail { get; set; } = [];

    /// <summary>Whether every connection is aborted without a response, as by a daemon that is stopping.</summary>
    public bool Refuse { get; set; }

    /// <summary>How many containers are created, and as many destroyed, per minute.</summary>
    [Range(0, 6000)]
    public int ChurnPerMinute { get; set; }

    /// <summary>In a POST: abort every open stream now. A command, not a state, so a GET never returns it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Cut { get; set; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(FaultSettings))]
internal sealed partial class FaultJson : JsonSerializerContext;
