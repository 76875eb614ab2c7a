using System.Collections.Immutable;
using System.Text.Json;

namespace FleetDashboard.Collector.Engine;

/// <summary>Reads the answer to <c>GET /networks</c>. Networks are read one by one: a malformed one is left out.</summary>
internal static class NetworkList
{
    public static ImmutableArray<NetworkFacts> Read(EngineAnswer answer) =>
        [
            .. ((JsonElement?)answer.Root)
                .Items(EngineLimits.Networks)
                .Select(Network)
                .OfType<NetworkFacts>()
                .DistinctBy(network => network.Id)
                .OrderBy(network => network.Name, StringComparer.Ordinal),
        ];

    private static NetworkFacts? Network(JsonElement network) =>
        network.Text("Id") is { Length: > 0 } id
            ? new NetworkFacts(
                id,
                network.Text("Name") is { Length: > 0 } name ? name : ShortId.From(id),
                network.Text("Driver") ?? "",
                network.Flag("Internal"),
                [
                    .. network
                        .Member("IPAM")
                        ?.Member("Config")
                        .Items(EngineLimits.Subnets)
                        .Select(config =>
                            (Cidr: config.Text("Subnet") ?? "", Gateway: config.Text("Gateway") is { Length: > 0 } gateway ? gateway : null)
                        )
                        .Where(subnet => subnet.Cidr.Length > 0)
                        ?? [],
                ]
            )
            {
                Parent = network.Text("Driver") is "macvlan" or "ipvlan" ? network.Member("Options")?.Text("parent") : null,
            }
            : null;
}
