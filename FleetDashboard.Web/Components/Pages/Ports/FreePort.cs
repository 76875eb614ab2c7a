using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;

namespace FleetDashboard.Web.Components.Pages.Ports;

/// <summary>The nearest free port to a wanted one, judged only by what containers claim.</summary>
/// <param name="Port">The wanted port if it is free, otherwise the next higher free one, otherwise the next lower. Null if all ports are
/// taken.</param>
/// <param name="Holders">The containers that claim the wanted port.</param>
internal sealed record FreePort(int? Port, IReadOnlyList<string> Holders)
{
    public const int Lowest = 1;
    public const int Highest = ushort.MaxValue;

    /// <summary>
    /// Finds the nearest free port. Ports of stopped containers count as taken, because they need them again when they start.
    /// </summary>
    /// <param name="wanted">The port to start at.</param>
    /// <param name="protocol">tcp, udp or sctp. Each has its own ports.</param>
    /// <param name="address">The address to listen on. <c>0.0.0.0</c> means all interfaces, IPv4 and IPv6.</param>
    /// <param name="claims">Every port of the fleet.</param>
    public static FreePort Near(int wanted, string protocol, string address, IEnumerable<PortSnapshot> claims)
    {
        var start = Math.Clamp(wanted, Lowest, Highest);
        var taken = new HashSet<int>();
        var holders = new List<string>();
        foreach (var claim in claims.Where(claim => claim.Port > 0 && claim.Protocol == protocol && Blocks(claim.Address, address)))
        {
            taken.Add(claim.Port);
            if (claim.Port == start && !holders.Contains(claim.Container))
            {
                holders.Add(claim.Container);
            }
        }
        for (var port = start; port <= Highest; port++)
        {
            if (!taken.Contains(port))
            {
                return new FreePort(port, holders);
            }
        }
        for (var port = start - 1; port >= Lowest; port--)
        {
            if (!taken.Contains(port))
            {
                return new FreePort(port, holders);
            }
        }
        return new FreePort(null, holders);
    }

    /// <summary>Every port of these hosts that is taken: published by a container, or expected by the metadata file.</summary>
    public static IReadOnlyList<PortSnapshot> Claims(IEnumerable<HostView> hosts) =>
        [
            .. Apps(hosts).SelectMany(app => app.Ports),
            .. hosts.SelectMany(host => host.Snapshot?.ServicePorts ?? []),
            .. Apps(hosts)
                .SelectMany(app =>
                    app.ExpectedPorts.Where(port => !port.Served)
                        .Select(port => new PortSnapshot(
                            port.Address ?? HostAddress.AllV4,
                            port.Port,
                            port.Protocol,
                            app.Title,
                            port.Port,
                            Conflict: false
                        ))
                ),
        ];

    private static IEnumerable<AppSnapshot> Apps(IEnumerable<HostView> hosts) => hosts.SelectMany(host => host.Snapshot?.Apps ?? []);

    private static bool Blocks(string claim, string address) =>
        HostAddress.ReachOf(address) == Reach.All
        || HostAddress.Overlap(claim, address)
        || (HostAddress.ReachOf(address) == Reach.Loopback && HostAddress.ReachOf(claim) != Reach.One);
}
