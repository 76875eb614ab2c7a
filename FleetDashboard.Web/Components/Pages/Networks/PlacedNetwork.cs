using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;

namespace FleetDashboard.Web.Components.Pages.Networks;

/// <summary>
/// A network and the hosts it is on. A Swarm overlay network has one id on all its nodes, and each node reports only its own members. It is
/// shown as one network.
/// </summary>
/// <param name="Key">A unique key.</param>
/// <param name="Network">The network as its first host reports it.</param>
/// <param name="Members">The containers on the network, each with its host.</param>
/// <param name="Hosts">The hosts that have the network.</param>
internal sealed record PlacedNetwork(
    string Key,
    NetworkSnapshot Network,
    IReadOnlyList<(HostView Host, NetworkMember Member)> Members,
    IReadOnlyList<HostView> Hosts
)
{
    private const string Overlay = "overlay";

    public static IReadOnlyList<PlacedNetwork> All(FleetView view) =>
        [
            .. from host in view.Hosts
            from network in host.Snapshot?.Networks ?? []
            where network.Driver is not ("host" or "null")
            // Ids of other networks are not unique across hosts: cloned machines have engines with the same network ids.
            group (Host: host, Network: network) by network.Driver == Overlay ? network.Id : $"{host.Collector} {network.Id}" into same
            select new PlacedNetwork(
                same.Key,
                same.First().Network,
                [.. same.SelectMany(one => one.Network.Members, (one, member) => (one.Host, member))],
                [.. same.Select(one => one.Host)]
            ),
        ];
}
