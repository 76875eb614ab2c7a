using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// Whether two Collectors watch the same engine. Neither the engine's id nor the host's name proves it: machines cloned from one template
/// share both.
/// </summary>
internal static class SameEngine
{
    /// <summary>How many containers may differ: two Collectors of one engine may learn of a container at different times.</summary>
    private const double MostlyTheSame = 0.5;

    public static bool Is(FleetSnapshot? one, FleetSnapshot? other)
    {
        if (one is null || other is null || one.Host.EngineId.Length == 0 || one.Host.EngineId != other.Host.EngineId)
        {
            return false;
        }
        var (here, there) = (Containers(one), Containers(other));
        if (here.Count + there.Count == 0)
        {
            return one.Host.Name == other.Host.Name; // Without containers nothing is counted twice and nothing is hidden.
        }
        var common = here.Keys.Where(there.ContainsKey).ToList();
        return common.Count > MostlyTheSame * (here.Count + there.Count - common.Count)
            && RanTogether(common.Select(id => (here[id], there[id])));
    }

    // The containers of a template have the same ids on each clone, but two machines never start one at the same moment.
    private static bool RanTogether(IEnumerable<(ContainerSnapshot Here, ContainerSnapshot There)> common)
    {
        var running = common.Where(pair => pair is { Here.State: "running", There.State: "running" }).ToList();
        return running.Count == 0 || running.Count(pair => pair.Here.StartedAt == pair.There.StartedAt) > MostlyTheSame * running.Count;
    }

    private static Dictionary<string, ContainerSnapshot> Containers(FleetSnapshot snapshot)
    {
        var containers = new Dictionary<string, ContainerSnapshot>(StringComparer.Ordinal);
        foreach (var container in snapshot.Apps.SelectMany(app => app.Containers))
        {
            containers[container.Id] = container;
        }
        return containers;
    }
}
