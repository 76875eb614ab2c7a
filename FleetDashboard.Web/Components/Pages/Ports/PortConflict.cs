using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Ports;

/// <summary>Ports that several containers claim. Consecutive ports with the same owners are one conflict.</summary>
/// <param name="First">The first port.</param>
/// <param name="Last">The last port.</param>
/// <param name="Protocol">tcp, udp or sctp.</param>
/// <param name="Owners">The containers that claim it, running ones first.</param>
public sealed record PortConflict(int First, int Last, string Protocol, ValueList<PortOwner> Owners)
{
    public string Ports => PortRow.Span(First, Last);

    /// <summary>
    /// Groups the claims that the Collector reports as conflicts: claims to one port belong together if their addresses overlap.
    /// </summary>
    public static ValueList<PortConflict> All(FleetView view) =>
        new(
            Folded(
                view.Apps.SelectMany(app =>
                        app.App.Ports.Where(port => port.Conflict).Select(port => (Port: port, Owner: OwnerOf(app, port)))
                    )
                    .GroupBy(claim => (claim.Port.Port, claim.Port.Protocol, claim.Owner.Host))
                    .OrderBy(group => group.Key.Protocol, StringComparer.Ordinal)
                    .ThenBy(group => group.Key.Host, StringComparer.Ordinal)
                    .ThenBy(group => group.Key.Port)
                    .SelectMany(group => Clusters([.. group]))
            )
        );

    private static IEnumerable<PortConflict> Clusters(List<(PortSnapshot Port, PortOwner Owner)> claims)
    {
        while (claims.Count > 0)
        {
            List<(PortSnapshot Port, PortOwner Owner)> cluster = [claims[0]];
            claims.RemoveAt(0);
            for (var i = 0; i < cluster.Count; i++)
            {
                var near = claims.FindAll(claim =>
                    HostAddress.Overlap(claim.Port.Address, cluster[i].Port.Address) || claim.Owner.Container == cluster[i].Owner.Container
                );
                claims.RemoveAll(near.Contains);
                cluster.AddRange(near);
            }
            var owners = cluster
                .GroupBy(claim => claim.Owner.Container)
                .Select(group =>
                    group.First().Owner with
                    {
                        Addresses = string.Join(", ", group.Select(claim => claim.Port.Address).Distinct()),
                    }
                )
                .OrderByDescending(owner => owner.Open)
                .ThenBy(owner => owner.Container, StringComparer.Ordinal)
                .ToList();
            if (owners.Count > 1)
            {
                yield return new PortConflict(cluster[0].Port.Port, cluster[0].Port.Port, cluster[0].Port.Protocol, new(owners));
            }
        }
    }

    private static IEnumerable<PortConflict> Folded(IEnumerable<PortConflict> conflicts)
    {
        PortConflict? run = null;
        foreach (var conflict in conflicts)
        {
            if (run is not null && conflict.First == run.Last + 1 && conflict.Protocol == run.Protocol && conflict.Owners == run.Owners)
            {
                run = run with { Last = conflict.Last };
                continue;
            }
            if (run is not null)
            {
                yield return run;
            }
            run = conflict;
        }
        if (run is not null)
        {
            yield return run;
        }
    }

    private static PortOwner OwnerOf(FleetApp placed, PortSnapshot port)
    {
        var app = placed.App;
        var container = app.Containers.FirstOrDefault(one => one.Name == port.Container);
        return new PortOwner(
            placed.Host.Tag,
            app.Name,
            port.Container,
            container is null ? "unknown" : StateText.Describe(container).ToLowerInvariant(),
            container?.HoldsPorts == true,
            port.Address
        );
    }
}

/// <summary>
/// A container that claims a port. The owners of one conflict are on one host, because ports of different hosts do not conflict.
/// </summary>
public sealed record PortOwner(string? Host, string App, string Container, string State, bool Open, string Addresses);
