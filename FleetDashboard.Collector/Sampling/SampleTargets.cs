using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Sampling;

/// <summary>Finds the running containers, each with its cgroup and the number of its network interfaces.</summary>
internal static class SampleTargets
{
    public static ImmutableArray<SampleTarget> Find(ImmutableArray<ContainerFacts> containers, string cgroupDriver)
    {
        var byId = new Lazy<Dictionary<string, ContainerFacts>>(() => containers.ToDictionary(container => container.Id));
        return
        [
            .. containers
                .Where(container => container.IsRunning)
                .Select(container => new SampleTarget(
                    container.Id,
                    container.StartedAt,
                    container.Pid,
                    container.Spec.CgroupPath(container.Id, cgroupDriver),
                    InterfacesOf(container, byId)
                )),
        ];
    }

    // A container in another container's network has the interfaces of that one.
    private static int? InterfacesOf(ContainerFacts container, Lazy<Dictionary<string, ContainerFacts>> byId)
    {
        const int longestChain = 8;
        for (var hops = 0; hops < longestChain; hops++)
        {
            if (container.NetworkMode is "host" or "none")
            {
                return 0;
            }

            if (SharedNamespace.OwnerIn(container.NetworkMode) is not { } ownerId)
            {
                return container.Networks.Length > 0 ? container.Networks.Length : null;
            }

            if (!byId.Value.TryGetValue(ownerId, out var owner))
            {
                return null;
            }

            container = owner;
        }

        return null;
    }
}
