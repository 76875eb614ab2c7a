using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;

namespace FleetDashboard.Web.Components.Pages.Networks;

/// <summary>
/// A network and the hosts that it is on. A Swarm's overlay network has one id on all of its nodes, of which each tells its own members:
/// that is one network.
/// </summary>
/// <param name="Key">What no other network has.</param>
/// <param name="Network">The network as the first of its hosts tells it.</param>
/// <param name="Members">The containers on it, each with its host.</param>
/// <param name="Hosts">Where it is.</param>
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
            // Other ids are only unlikely to meet: machines are cloned, engines and all.
            group (Host: host, Network: network) by network.Driver == Overlay ? network.Id : $"{host.Collector} {network.Id}" into same
            select new PlacedNetwork(
                same.Key,
                same.First().Network,
                [.. same.SelectMany(one => one.Network.Members, (one, member) => (one.Host, member))],
                [.. same.Select(one => one.Host)]
            ),
        ];
}
