namespace FleetDashboard.Web.Components.Pages.Networks;

/// <summary>Two networks of one host that share addresses.</summary>
public sealed record SubnetOverlap(string OneNetwork, Cidr One, string OtherNetwork, Cidr Other, string? Host = null)
{
    /// <summary>Every pair of ranges of different networks that overlap, in address order.</summary>
    /// <param name="subnets">The ranges, each with its network's unique id and display name.</param>
    /// <param name="host">The host's tag, copied into the results.</param>
    public static IReadOnlyList<SubnetOverlap> Find(IEnumerable<(string Id, string Network, Cidr Range)> subnets, string? host = null)
    {
        var overlaps = new List<SubnetOverlap>();
        var open = new List<(string Id, string Network, Cidr Range)>();
        foreach (var subnet in subnets.OrderBy(subnet => subnet.Range.Order).ThenBy(subnet => subnet.Network, StringComparer.Ordinal))
        {
            // In address order, only ranges that have not ended yet can overlap this one.
            open.RemoveAll(other => !other.Range.Overlaps(subnet.Range));
            overlaps.AddRange(
                open.Where(other => other.Id != subnet.Id)
                    .Select(other => new SubnetOverlap(other.Network, other.Range, subnet.Network, subnet.Range, host))
            );
            open.Add(subnet);
        }
        return overlaps;
    }
}
