using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace FleetDashboard.DemoEngine.Faults;

/// <summary>
/// What goes wrong. Paths are without the version prefix; <c>*</c> stands for anything: <c>/containers/*/stats</c>.
/// Settable, because the JSON generator gives init-only properties null and not their default.
/// </summary>
internal sealed record FaultSettings
{
    /// <summary>Added to every answer.</summary>
    [Range(0, 600_000)]
    public int LatencyMilliseconds { get; set; }

    /// <summary>Requests that are accepted and never answered.</summary>
    public IReadOnlyList<string> Hang { get; set; } = [];

    /// <summary>Requests that are answered with 500.</summary>
    public IReadOnlyList<string> Fail { get; set; } = [];

    /// <summary>Every connection is aborted without an answer, as by a daemon that is going down.</summary>
    public bool Refuse { get; set; }

    /// <summary>Containers created, and as many destroyed, per minute.</summary>
    [Range(0, 6000)]
    public int ChurnPerMinute { get; set; }

    /// <summary>In a POST: abort every open stream now. An act, not a state, so it never shows in a GET.</summary>
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
