using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>A network with a container's endpoint on it.</summary>
/// <param name="Network">Its name.</param>
/// <param name="Id">Its id. Names can be ambiguous, so connections are made by id.</param>
/// <param name="Endpoint">Aliases, fixed addresses and options, without what the engine chose by itself.</param>
internal sealed record PlannedEndpoint(string Network, string Id, JsonObject Endpoint);

/// <summary>
/// The networks that a container really was on. From API 1.44 on, all of them are named when the new container is created: only there does
/// the engine
/// apply a chosen MAC address to any of them. Before, the first is named, and the others are connected afterwards.
/// </summary>
/// <param name="AtCreation">Those in the body of the create call.</param>
/// <param name="Afterwards">Those that it is connected to before it starts.</param>
/// <param name="Names">All networks of the old container; the new one is taken off any other.</param>
/// <param name="Remarks">What cannot be told of its MAC addresses, as sentences.</param>
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
                "The container is stopped, so the engine does not say whether a MAC address was chosen on its further networks: those get new ones."
            );
        }

        return new NetworkAttachments(places[..atOnce], places[atOnce..], names, remarks.ToImmutable());

        JsonObject Endpoint(string network, JsonObject given, bool isFirst)
        {
            var endpoint = Settings(given, network, (string)old["Id"]!);
            if (api < SeveralAtCreation)
            {
                return endpoint; // The one chosen address is a setting of the container itself.
            }

            // The engine reports a chosen address of the network of its mode in the container's settings, and of no other network.
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

        // Aliases exist on networks that somebody made; asked for on the engine's own bridge, it would refuse the whole container.
        if (network != "bridge" && given["Aliases"] is JsonArray aliases)
        {
            endpoint["Aliases"] = new JsonArray([
                .. aliases.Where(alias => (string?)alias != ShortId.From(id)).Select(alias => alias?.DeepClone()),
            ]);
        }

        return endpoint;
    }

    // Until engine 28, an address that nobody chose is made from the IP address. Since then it is random, and cannot be told from a chosen
    // one: a random
    // one does no harm when it is kept, while a chosen one may be what a licence or a DHCP server knows.
    private static (string? Mac, string? Remark) ChosenMac(string network, JsonObject given, Version api)
    {
        var mac = (string?)given["MacAddress"];
        return mac switch
        {
            null or "" => (null, null),
            _ when MacAddresses.IsDerived(mac, (string?)given["IPAddress"]) => (null, null),
            _ when api >= RandomMacs && MacAddresses.IsLocal(mac) => (
                mac,
                $"The MAC address {mac} on the network {network} is kept: this engine does not say whether it was chosen."
            ),
            _ => (mac, null),
        };
    }
}
