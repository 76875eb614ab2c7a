namespace FleetDashboard.Web.Components.Pages.Networks;

/// <summary>Finds ranges that no network uses.</summary>
internal static class FreeSubnets
{
    private const int NeighbourhoodV4 = 16;
    private const int NeighbourhoodV6 = 48;
    private static readonly Cidr[] Private = [ParseCidr("172.16.0.0/12"), ParseCidr("192.168.0.0/16"), ParseCidr("10.0.0.0/8")];
    private static readonly Cidr UniqueLocal = ParseCidr("fc00::/7");

    /// <summary>The first free ranges of a pool, lowest first. Includes used ranges that only partly overlap the pool.</summary>
    public static IEnumerable<Cidr> In(Cidr pool, int prefix, IEnumerable<Cidr> used)
    {
        if (prefix < pool.Prefix || prefix > pool.Bits)
        {
            yield break;
        }
        var taken = used.Where(range => range.Overlaps(pool)).OrderBy(range => range.Order).ToList();
        var candidate = new Cidr(pool.V6, pool.First, prefix);
        var next = 0;
        var beyond = candidate.First; // the first address after all ranges passed so far
        while (true)
        {
            while (next < taken.Count && taken[next].First <= candidate.Last)
            {
                beyond = taken[next].Last >= beyond ? taken[next].Last + 1 : beyond;
                next++;
                if (beyond == 0)
                {
                    yield break; // the end of the address space
                }
            }
            if (beyond > candidate.First)
            {
                if (!TryAlign(candidate, beyond, pool, out candidate))
                {
                    yield break;
                }
                continue;
            }
            yield return candidate;
            if (candidate.Last >= pool.Last || !TryAlign(candidate, candidate.Last + 1, pool, out candidate))
            {
                yield break;
            }
        }
    }

    /// <summary>
    /// The pools to search: first the blocks (/16, for IPv6 /48) that already contain several networks, the fullest first, then the private
    /// ranges.
    /// </summary>
    public static IReadOnlyList<Cidr> Pools(IReadOnlyCollection<Cidr> used, bool v6)
    {
        var width = v6 ? NeighbourhoodV6 : NeighbourhoodV4;
        var lived = used.Where(range => range.V6 == v6 && range.Prefix > width)
            .GroupBy(range => new Cidr(v6, range.First >> (range.Bits - width) << (range.Bits - width), width))
            .Where(group => v6 || group.Count() > 1)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key.Order)
            .Select(group => group.Key)
            .Take(2);
        IEnumerable<Cidr> wide = v6 ? [UniqueLocal] : Private.OrderByDescending(pool => used.Any(pool.Overlaps));
        return [.. lived, .. wide];
    }

    private static bool TryAlign(Cidr candidate, UInt128 from, Cidr pool, out Cidr aligned)
    {
        var step = candidate.Last - candidate.First;
        var first = (from + step) & ~step;
        aligned = new Cidr(pool.V6, first, candidate.Prefix);
        return first >= from && aligned.Last <= pool.Last && aligned.Last >= first;
    }

    private static Cidr ParseCidr(string text) => Cidr.TryParse(text, out var cidr) ? cidr : throw new FormatException(text);
}
