using System.Text.Json.Nodes;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// A host name that somebody chose is kept; one that the engine made up, or took from the host or another container, must not be sent to it
/// again.
/// </summary>
internal static class Hostnames
{
    /// <param name="config">The settings of the new container.</param>
    /// <param name="host">Its host settings.</param>
    /// <param name="id">The old container's id: the engine's own choice of a name begins it.</param>
    /// <param name="networkMode">The network mode of both.</param>
    /// <param name="machine">The name of the engine's machine, which containers on its network have unless another was chosen.</param>
    public static void Settle(JsonObject config, JsonObject host, string id, string networkMode, string machine)
    {
        var own = (string?)config["Hostname"];
        var sharesAnother = SharedNamespace.OwnerIn(networkMode) is not null;
        var hasTheMachines = networkMode == "host" && (own == machine || machine.Length == 0);
        if (own == ShortId.From(id) || sharesAnother || hasTheMachines || (string?)host["UTSMode"] == "host")
        {
            config.Remove("Hostname");
        }

        // The engine refuses these beside another container's network.
        if (sharesAnother)
        {
            config.Remove("Domainname");
            config.Remove("MacAddress");
            config.Remove("ExposedPorts");
        }
    }
}
