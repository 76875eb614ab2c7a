using System.Text.Json.Serialization;

namespace FleetDashboard.Contracts;

/// <summary>What made some containers one app, in order of weight.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AppOrigin>))]
public enum AppOrigin
{
    /// <summary>Not known to this version.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>The metadata file claims them.</summary>
    [JsonStringEnumMemberName("file")]
    File,

    /// <summary>The label <c>fleet.app</c>.</summary>
    [JsonStringEnumMemberName("label")]
    Label,

    /// <summary>A Compose project.</summary>
    [JsonStringEnumMemberName("compose")]
    Compose,

    /// <summary>A Swarm stack.</summary>
    [JsonStringEnumMemberName("stack")]
    Stack,

    /// <summary>A shared first part of their names.</summary>
    [JsonStringEnumMemberName("prefix")]
    Prefix,

    /// <summary>A network that only they share.</summary>
    [JsonStringEnumMemberName("network")]
    Network,

    /// <summary>A container by itself.</summary>
    [JsonStringEnumMemberName("container")]
    Container,
}
