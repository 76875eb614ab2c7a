using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Fleet;

/// <summary>
/// Finds ports that two containers claim: the same port and protocol, on the same address or where one of them is all addresses of the same
/// family. The same port on two different addresses is not a conflict.
/// </summary>
internal static class PortConflicts
{
    private const string AllV4 = "0.0.0.0";
    private const string AllV6 = "::";

    public static HashSet<(string ContainerId, PortClaim Claim)> Find(IReadOnlyCollection<ContainerFacts> containers)
    {
        var conflicts = new HashSet<(string, PortClaim)>();
        var byPort = containers
            .SelectMany(container => container.Ports.Where(claim => claim.Port > 0).Select(claim => (container.Id, Claim: claim)))
            .GroupBy(entry => (entry.Claim.Port, entry.Claim.Protocol));
        foreach (var entries in byPort.Select(group => group.ToList()).Where(list => list.Count > 1))
        {
            foreach (var one in entries)
            {
                if (entries.Exists(other => other.Id != one.Id && Overlap(one.Claim.Address, other.Claim.Address)))
                {
                    conflicts.Add((one.Id, one.Claim));
                }
            }
        }

        return conflicts;
    }

    private static bool Overlap(string one, string other) =>
        one == other || (IsV6(one) == IsV6(other) && (one is AllV4 or AllV6 || other is AllV4 or AllV6));

    private static bool IsV6(string address) => address.Contains(':', StringComparison.Ordinal);
}
