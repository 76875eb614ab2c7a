using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Fleet;

/// <summary>One sum of the fleet with what it counts.</summary>
public sealed record Fact(string Value, string Label)
{
    /// <summary>The sums over the hosts of which something is known.</summary>
    internal static ValueList<Fact> Sums(IReadOnlyCollection<HostView> hosts)
    {
        var snapshots = hosts.Select(host => host.Snapshot).OfType<Contracts.FleetSnapshot>().ToList();
        var (cpus, cores) = (snapshots.Sum(snapshot => snapshot.Host.Cpus), Known(snapshot => snapshot.Totals.CpuCores));
        var used = Known(snapshot => snapshot.Totals.MemoryBytes);
        var (memory, of) = Bytes.Share((long)(used ?? 0), snapshots.Sum(snapshot => snapshot.Host.MemoryBytes));
        var databases = snapshots.SelectMany(snapshot => snapshot.Apps).SelectMany(app => app.Databases).Where(database => database.Bytes is not null).ToList();
        List<Fact> facts =
        [
            new($"{snapshots.Sum(snapshot => snapshot.Totals.AppsGreen)} of {snapshots.Sum(snapshot => snapshot.Totals.Apps)}", "apps green"),
            new($"{snapshots.Sum(snapshot => snapshot.Totals.ContainersUp)} of {snapshots.Sum(snapshot => snapshot.Totals.Containers)}", "containers up"),
            new($"{(cores is { } busy ? Cores.Text(busy) : Meter.None)} of {cpus}", $"{Cores.Word(cpus)} used"),
            new(used is null ? Meter.None : $"{memory} {of}", "memory used"),
        ];
        if (databases.Count > 0)
        {
            facts.Add(new(Bytes.Text(databases.Sum(database => database.Bytes!.Value)), databases.Count == 1 ? "in 1 database" : $"in {databases.Count} databases"));
        }
        return new(facts);

        // A sum of which a part is not known would be too small.
        double? Known(Func<Contracts.FleetSnapshot, double?> figure) =>
            snapshots.Count > 0 && snapshots.TrueForAll(snapshot => figure(snapshot) is not null) ? snapshots.Sum(figure) : null;
    }
}
