using System.Text.Json.Serialization;

namespace FleetDashboard.Contracts;

/// <summary>How somebody or something is. Ordered from nothing to say to worst, so that an app is the maximum of its containers.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HealthColor>))]
public enum HealthColor
{
    /// <summary>Nothing to judge: created, or finished with 0 as a one-shot.</summary>
    [JsonStringEnumMemberName("grey")]
    Grey,

    /// <summary>Fine.</summary>
    [JsonStringEnumMemberName("green")]
    Green,

    /// <summary>Struggling: works, and somebody should look.</summary>
    [JsonStringEnumMemberName("amber")]
    Amber,

    /// <summary>Down.</summary>
    [JsonStringEnumMemberName("red")]
    Red,
}
