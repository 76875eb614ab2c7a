using System.Text.Json.Nodes;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>A host name that somebody chose is kept; one that the engine made up, or lent from elsewhere, must not be repeated to it.</summary>
internal static class Hostnames
{
    public static void Settle(JsonObject config, JsonObject host, string id, string networkMode)
    {
        var own = (string?)config["Hostname"];
        var lent = networkMode == "host" || networkMode.StartsWith("container:", StringComparison.Ordinal) || (string?)host["UTSMode"] == "host";
        if (own == ShortId.Of(id) || lent)
        {
            config.Remove("Hostname");
        }

        // The engine refuses these beside another container's network.
        if (networkMode.StartsWith("container:", StringComparison.Ordinal))
        {
            config.Remove("Domainname");
            config.Remove("MacAddress");
            config.Remove("ExposedPorts");
        }
    }
}
