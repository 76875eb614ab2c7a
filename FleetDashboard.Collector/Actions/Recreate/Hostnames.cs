using System.Text.Json.Nodes;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// Keeps a configured host name. Removes one that the engine generated, or took from the host or another container: the engine would reject
/// it or keep an outdated name.
/// </summary>
internal static class Hostnames
{
    /// <param name="config">The settings of the new container.</param>
    /// <param name="host">The host settings of the new container.</param>
    /// <param name="id">The old container's id. A generated host name is its first 12 characters.</param>
    /// <param name="networkMode">The network mode of both containers.</param>
    /// <param name="machine">The engine's host name, which containers on the host network get by default.</param>
    public static void RemoveGenerated(JsonObject config, JsonObject host, string id, string networkMode, string machine)
    {
        var own = (string?)config["Hostname"];
        var sharesAnother = SharedNamespace.OwnerIn(networkMode) is not null;
        var hasTheMachines = networkMode == "host" && (own == machine || machine.Length == 0);
        if (own == ShortId.From(id) || sharesAnother || hasTheMachines || (string?)host["UTSMode"] == "host")
        {
            config.Remove("Hostname");
        }

        // The engine rejects these settings for a container that uses another container's network.
        if (sharesAnother)
        {
            config.Remove("Domainname");
            config.Remove("MacAddress");
            config.Remove("ExposedPorts");
        }
    }
}
