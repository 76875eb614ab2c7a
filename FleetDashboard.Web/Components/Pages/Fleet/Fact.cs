using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Pages.Apps;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Fleet;

/// <summary>One sum of the fleet with what it counts.</summary>
public sealed record Fact(string Value, string Label)
{
    /// <summary>The sums over the hosts of which something is known.</summary>
    internal static ValueList<Fact> Sums(IReadOnlyCollection<HostView> hosts)
    {
        var snapshots = hosts.Select(host => host.Snapshot).OfType<Contracts.FleetSnapshot>().ToList();
        var cpus = snapshots.Total(snapshot => snapshot.Host.Cpus);
        var (cores, used) = (
            snapshots.Known(snapshot => snapshot.Totals.CpuCores),
            snapshots.Known(snapshot => snapshot.Totals.MemoryBytes)
        );
        var (memory, of) = Bytes.Share(used.Known ?? 0, snapshots.Total(snapshot => snapshot.Host.MemoryBytes));
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
                $"{(cores.Known is { } busy ? Cores.Text(busy) : Meter.None)} of {cpus}",
                $"{Cores.Word(cpus)} used{Without(cores, snapshots.Select(snapshot => Gaps(snapshot, container => container.CpuCores)))}"
            ),
            new(
                used.Known is null ? Meter.None : $"{memory} {of}",
                $"memory used{Without(used, snapshots.Select(snapshot => Gaps(snapshot, container => container.MemoryBytes)))}"
            ),
        ];
        if (databases.Count > 0)
        {
            facts.Add(
                new(
                    Bytes.Text(databases.Known(database => database.Bytes).Known ?? 0),
                    databases.Count == 1 ? "in 1 database" : $"in {databases.Count} databases"
                )
            );
        }
        return new(facts);
    }

    // A sum that leaves something out says so: without a word it would look as if less were used.
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

    private static int Gaps(Contracts.FleetSnapshot snapshot, Func<Contracts.ContainerSnapshot, double?> figure) =>
        snapshot.Apps.Sum(app => AppStats.Missing(app, figure));
}
