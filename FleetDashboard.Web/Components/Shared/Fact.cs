using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;

namespace FleetDashboard.Web.Components.Shared;

/// <summary>One sum of the fleet with its label.</summary>
public sealed record Fact(string Value, string Label)
{
    /// <summary>The sums over the hosts that have sent a snapshot.</summary>
    internal static ValueList<Fact> Sums(IReadOnlyCollection<HostView> hosts)
    {
        var snapshots = hosts.Select(host => host.Snapshot).OfType<Contracts.FleetSnapshot>().ToList();
        var cpus = snapshots.Total(snapshot => snapshot.Host.Cpus);
        var (cores, used) = (
            snapshots.Known(snapshot => snapshot.Totals.CpuCores),
            snapshots.Known(snapshot => snapshot.Totals.MemoryBytes)
        );
        var (memory, of) = Format.BytesOf(used.Known ?? 0, snapshots.Total(snapshot => snapshot.Host.MemoryBytes));
        var databases = snapshots
            .SelectMany(snapshot => snapshot.Apps)
            .SelectMany(app => app.Databases)
            .Where(database => database.Bytes is not null)
            .ToList();
        List<Fact> facts =
        [
            new(
                $"{snapshots.Total(snapshot => snapshot.Totals.AppsGreen)} of {snapshots.Total(snapshot => snapshot.Totals.Apps)}",
                "apps green"
            ),
            new(
                $"{snapshots.Total(snapshot => snapshot.Totals.ContainersUp)} of {snapshots.Total(snapshot => snapshot.Totals.Containers)}",
                "containers up"
            ),
            new(
                $"{(cores.Known is { } busy ? Format.Cores(busy) : Meter.None)} of {cpus}",
                $"{Format.CoreWord(cpus)} used{Without(cores, snapshots.Select(snapshot => snapshot.Apps.Sum(app => app.WithoutCpu)))}"
            ),
            new(
                used.Known is null ? Meter.None : $"{memory} {of}",
                $"memory used{Without(used, snapshots.Select(snapshot => snapshot.Apps.Sum(app => app.WithoutMemory)))}"
            ),
        ];
        if (databases.Count > 0)
        {
            facts.Add(
                new(
                    Format.Bytes(databases.Known(database => database.Bytes).Known ?? 0),
                    databases.Count == 1 ? "in 1 database" : $"in {databases.Count} databases"
                )
            );
        }
        return new(facts);
    }

    // A sum with missing parts says so. Otherwise it would look as if less were used.
    private static string Without((double? Known, int Missing) sum, IEnumerable<int> gaps) =>
        (sum, gaps.Sum()) switch
        {
            ({ Known: null }, _) => "",
            ({ Missing: 1 }, _) => ", without 1 host",
            ({ Missing: > 1 and var hosts }, _) => $", without {hosts} hosts",
            (_, 0) => "",
            (_, 1) => ", without 1 container",
            (_, var containers) => $", without {containers} containers",
        };
}
