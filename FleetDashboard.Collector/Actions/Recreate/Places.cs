using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>A container's places on its networks: aliases, fixed addresses and options, without what the engine gave it by itself.</summary>
/// <param name="First">The network that it is created on; null for host, none and another container's.</param>
/// <param name="Others">Those that it is connected to afterwards.</param>
/// <param name="Unwanted">The network of its mode, where the old one had been taken off it.</param>
internal sealed record Places((string Network, JsonObject Endpoint)? First, ImmutableArray<(string Network, JsonObject Endpoint)> Others, string? Unwanted)
{
    private static readonly Version EndpointMacs = new(1, 44);
    private static readonly string[] Chosen = ["IPAMConfig", "Links", "DriverOpts", "GwPriority"];

    public static Places Of(JsonObject old, string mode, Version api)
    {
        if (mode is "host" or "none" || mode.StartsWith("container:", StringComparison.Ordinal))
        {
            return new Places(null, [], null);
        }

        var home = mode == "default" ? "bridge" : mode;
        var all = (old["NetworkSettings"]?["Networks"] as JsonObject ?? []).Where(network => network.Value is JsonObject)
            .Select(network => (Network: network.Key, Given: (JsonObject)network.Value!)).ToList();
        var places = all.Select(one => (one.Network, Endpoint: Endpoint(one.Given, one.Network, (string)old["Id"]!, api))).ToList();
        var at = all.FindIndex(one => one.Network == home || (string?)one.Given["NetworkID"] == home);
        if (at < 0)
        {
            return new Places(null, [.. places], home);
        }

        return new Places(places[at], [.. places.Where((_, i) => i != at)], null);
    }

    private static JsonObject Endpoint(JsonObject given, string network, string id, Version api)
    {
        var endpoint = new JsonObject();
        foreach (var name in Chosen.Where(name => given[name] is not null))
        {
            endpoint[name] = given[name]!.DeepClone();
        }

        // Aliases exist on networks that somebody made; asked for on the engine's own bridge, it would refuse the whole container.
        if (network != "bridge" && given["Aliases"] is JsonArray aliases)
        {
            endpoint["Aliases"] = new JsonArray([.. aliases.Where(alias => (string?)alias != ShortId.Of(id)).Select(alias => alias?.DeepClone())]);
        }

        // Before, the address belongs to the container, and is in its settings.
        if (api >= EndpointMacs && (string?)given["MacAddress"] is { Length: > 0 } mac)
        {
            endpoint["MacAddress"] = mac;
        }

        return endpoint;
    }
}
