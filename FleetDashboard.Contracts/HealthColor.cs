using System.Text.Json.Serialization;

namespace FleetDashboard.Contracts;

/// <summary>The health of a container or an app, in order of severity: an app has the maximum of its containers.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HealthColor>))]
public enum HealthColor
{
    /// <summary>Nothing to judge: created, or finished with exit code 0 as a one-shot.</summary>
    [JsonStringEnumMemberName("grey")]
    Grey,

    /// <summary>Fine.</summary>
    [JsonStringEnumMemberName("green")]
    Green,

    /// <summary>Struggling: it works, and an operator should check it.</summary>
    [JsonStringEnumMemberName("amber")]
    Amber,

    /// <summary>Down.</summary>
    [JsonStringEnumMemberName("red")]
    Red,
}
