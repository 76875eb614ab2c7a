using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;

namespace FleetDashboard.Web.Components.Pages.Ports;

/// <summary>The answer to "which port may I take near this one?", as far as containers go.</summary>
/// <param name="Port">The nearest free port: the wanted one, the next above it, or below where there is none above; null where all are
/// taken.</param>
/// <param name="Holders">Who has the wanted one.</param>
internal sealed record FreePort(int? Port, IReadOnlyList<string> Holders)
{
    public const int Lowest = 1;
    public const int Highest = ushort.MaxValue;

    /// <summary>Claims of stopped containers count: they want their port back.</summary>
    /// <param name="wanted">The port to begin at.</param>
    /// <param name="protocol">tcp, udp or sctp: each has ports of its own.</param>
    /// <param name="address">Where it would listen; <c>0.0.0.0</c> means all interfaces of both families.</param>
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

    /// <summary>Every port of these hosts that is spoken for: published, or expected by the metadata file.</summary>
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
