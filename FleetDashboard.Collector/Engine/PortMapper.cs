using System.Collections.Immutable;
using System.Globalization;
using Docker.DotNet.Models;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// The published ports of a container. While it runs, the engine reports the bound ports, afterwards only the requested ones. Both are
/// merged, so that the ports of a stopped container stay on the map.
/// </summary>
internal static class PortMapper
{
    private const string AnyAddress = "0.0.0.0";

    public static ImmutableArray<PortClaim> Claims(
        IDictionary<string, IList<PortBinding>>? asked,
        IDictionary<string, IList<PortBinding>>? bound
    )
    {
        var claims = Read(bound).ToList();
        var answered = claims.Select(claim => (claim.Target, claim.Protocol)).ToHashSet();
        claims.AddRange(Read(asked).Where(claim => !answered.Contains((claim.Target, claim.Protocol))));
        return
        [
            .. claims
                .Distinct()
                .Take(EngineLimits.Ports)
                .OrderBy(claim => claim.Port)
                .ThenBy(claim => claim.Protocol, StringComparer.Ordinal)
                .ThenBy(claim => claim.Address, StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<PortClaim> Read(IDictionary<string, IList<PortBinding>>? bindings)
    {
        foreach (var (key, list) in bindings ?? ImmutableDictionary<string, IList<PortBinding>>.Empty)
        {
            var slash = key.IndexOf('/', StringComparison.Ordinal);
            var protocol = slash < 0 ? "tcp" : key[(slash + 1)..];
            if (!TryPort(slash < 0 ? key : key[..slash], out var target))
            {
                continue;
            }

            foreach (var binding in (list ?? []).OfType<PortBinding>())
            {
                // No port, or a range: the engine chooses when it binds the port.
                var port = TryPort(binding.HostPort, out var chosen) ? chosen : 0;
                yield return new PortClaim(
                    string.IsNullOrEmpty(binding.HostIP) ? AnyAddress : EngineLimits.Cut(binding.HostIP),
                    port,
                    EngineLimits.Cut(protocol, 16),
                    target
                );
            }
        }
    }

    private static bool TryPort(string? text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue;
}
