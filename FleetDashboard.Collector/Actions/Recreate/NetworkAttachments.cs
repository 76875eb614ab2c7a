using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>A network, and the container's endpoint settings on it.</summary>
/// <param name="Network">The network's name.</param>
/// <param name="Id">The network's id. Connections use it, because names can be ambiguous.</param>
/// <param name="Endpoint">Aliases, fixed addresses and options, without values that the engine chose itself.</param>
internal sealed record PlannedEndpoint(string Network, string Id, JsonObject Endpoint);

/// <summary>
/// The networks that the old container was connected to. From API 1.44 on, the create call names all of them, because only there does the
/// engine apply a configured MAC address on each network. Before, the create call names the first, and the container is connected to the
/// rest afterwards.
/// </summary>
/// <param name="AtCreation">The networks in the body of the create call.</param>
/// <param name="Afterwards">The networks to connect before the container starts.</param>
/// <param name="Names">All networks of the old container. The new container is disconnected from any other network.</param>
/// <param name="Remarks">MAC addresses that may change, as sentences for the job's output.</param>
internal sealed record NetworkAttachments(
    ImmutableArray<PlannedEndpoint> AtCreation,
    ImmutableArray<PlannedEndpoint> Afterwards,
    ImmutableHashSet<string> Names,
    ImmutableArray<string> Remarks
)
{
    private static readonly Version SeveralAtCreation = new(1, 44);
    private static readonly Version RandomMacs = new(1, 48);
    private static readonly string[] Chosen = ["IPAMConfig", "Links", "DriverOpts", "GwPriority"];
    private static readonly string[] NoNetworks = ["host", "none"];

    public static NetworkAttachments From(JsonObject old, string mode, Version api)
    {
        var all = (old["NetworkSettings"]?["Networks"] as JsonObject ?? [])
            .Where(network => network.Value is JsonObject)
            .Select(network => (Network: network.Key, Given: (JsonObject)network.Value!))
            .ToList();
        var names = all.Select(one => one.Network).ToImmutableHashSet();
        if (mode == "host" || SharedNamespace.OwnerIn(mode) is not null)
        {
            return new NetworkAttachments([], [], names, []);
        }

        var home = mode == "default" ? "bridge" : mode;
        var real = all.Where(one => !NoNetworks.Contains(one.Network))
            .OrderByDescending(one => one.Network == home || (string?)one.Given["NetworkID"] == home)
            .ToList();
        var remarks = ImmutableArray.CreateBuilder<string>();
        var places = real.Select(
                (one, i) =>
                    new PlannedEndpoint(one.Network, (string?)one.Given["NetworkID"] ?? "", Endpoint(one.Network, one.Given, i == 0))
            )
            .ToImmutableArray();
        var atOnce = api >= SeveralAtCreation ? places.Length : Math.Min(places.Length, 1);
        if (api >= SeveralAtCreation && places.Length > 1 && (string?)old["State"]?["Status"] is "exited" or "dead")
        {
            remarks.Add(
                "The container is stopped, so the engine does not report configured MAC addresses on its further networks. "
                    + "They get new addresses."
            );
        }

        return new NetworkAttachments(places[..atOnce], places[atOnce..], names, remarks.ToImmutable());

        JsonObject Endpoint(string network, JsonObject given, bool isFirst)
        {
            var endpoint = Settings(given, network, (string)old["Id"]!);
            if (api < SeveralAtCreation)
            {
                return endpoint; // the only configured address is a setting of the container itself
            }

            // The engine reports a configured MAC address in the container's settings only for the network of its network mode.
            var isHome = isFirst && (network == home || (string?)given["NetworkID"] == home);
            var (mac, remark) = isHome ? ((string?)old["Config"]?["MacAddress"], null) : ChosenMac(network, given, api);
            if (mac is { Length: > 0 })
            {
                endpoint["MacAddress"] = mac;
            }

            if (remark is not null)
            {
                remarks.Add(remark);
            }

            return endpoint;
        }
    }

    private static JsonObject Settings(JsonObject given, string network, string id)
    {
        var endpoint = new JsonObject();
        foreach (var name in Chosen.Where(name => given[name] is not null))
        {
            endpoint[name] = given[name]!.DeepClone();
        }

        if ((string?)given["NetworkID"] is { Length: > 0 } networkId)
        {
            endpoint["NetworkID"] = networkId;
        }

        // Aliases exist only on user-defined networks. With aliases on the default bridge, the engine rejects the whole container.
        if (network != "bridge" && given["Aliases"] is JsonArray aliases)
        {
            endpoint["Aliases"] = new JsonArray([
                .. aliases.Where(alias => (string?)alias != ShortId.From(id)).Select(alias => alias?.DeepClone()),
            ]);
        }

        return endpoint;
    }

    // Up to engine 27 a generated MAC address is derived from the IP address. Since engine 28 it is random and looks like a configured one.
    // Keeping a random address is harmless, but a configured one may be tied to a licence or a DHCP reservation.
    private static (string? Mac, string? Remark) ChosenMac(string network, JsonObject given, Version api)
    {
        var mac = (string?)given["MacAddress"];
        return mac switch
        {
            null or "" => (null, null),
            _ when MacAddresses.IsDerived(mac, (string?)given["IPAddress"]) => (null, null),
            _ when api >= RandomMacs && MacAddresses.IsLocal(mac) => (
                mac,
                $"The MAC address {mac} on the network {network} is kept, because this engine does not report whether it was configured."
            ),
            _ => (mac, null),
        };
    }
}
