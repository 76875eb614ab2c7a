using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Networks;

/// <summary>
/// Addresses used by networks of several hosts. Normal as long as bridge networks stay on their host, because every engine starts with the
/// same ranges. A problem once hosts route to each other's containers.
/// </summary>
/// <param name="Ranges">The range, or the two overlapping ranges.</param>
/// <param name="Hosts">The hosts, sorted.</param>
public sealed record CrossOverlap(string Ranges, ValueList<string> Hosts)
{
    internal static ValueList<CrossOverlap> Find(IEnumerable<(PlacedNetwork Network, Cidr Range)> ranges)
    {
        // Grouped by range, not by pair of networks: a hundred hosts with the same ten ranges give ten results.
        var uses = ranges
            .GroupBy(one => one.Range)
            .Select(group => (Range: group.Key, Networks: group.Select(one => one.Network).DistinctBy(network => network.Key).ToList()))
            .ToList();
        var same = uses.Where(use => Apart(use.Networks, use.Networks))
            .Select(use => (use.Range.Order, From($"{use.Range}", use.Networks)));
        var touching =
            from pair in SubnetOverlap.Find(uses.Select(use => ($"{use.Range}", "", use.Range)))
            let one = uses.Find(use => use.Range == pair.One).Networks
            let other = uses.Find(use => use.Range == pair.Other).Networks
            where Apart(one, other)
            select (pair.One.Order, From($"{pair.One} and {pair.Other}", [.. one, .. other]));
        return new(same.Concat(touching).OrderBy(one => one.Order).Select(one => one.Item2));
    }

    // True if each side has a network such that no host has both.
    private static bool Apart(List<PlacedNetwork> one, List<PlacedNetwork> other) =>
        one.Exists(a => other.Exists(b => a.Key != b.Key && !a.Hosts.Any(host => b.Hosts.Any(there => there.Collector == host.Collector))));

    private static CrossOverlap From(string ranges, IEnumerable<PlacedNetwork> networks) =>
        new(
            ranges,
            new(networks.SelectMany(network => network.Hosts).Select(host => host.Name).Distinct().Order(StringComparer.OrdinalIgnoreCase))
        );
}
