using System.Collections.Immutable;
using Docker.DotNet.Models;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// A container that another container's settings name. Without it, or when its id changes, the other one cannot start.
/// </summary>
/// <param name="Kind">volumes or link.</param>
/// <param name="Container">The named container, as the engine reports it: an id, the beginning of an id, or a name.</param>
internal sealed record ContainerReference(ReferenceKind Kind, string Container)
{
    private const int ShortestId = 6;

    internal static ImmutableArray<ContainerReference> From(HostConfig? host) =>
        [
            .. (host?.VolumesFrom ?? []).Select(source => new ContainerReference(ReferenceKind.Volumes, source.Split(':')[0])),
            .. (host?.Links ?? []).Select(link => new ContainerReference(ReferenceKind.Link, link.Split(':')[0].TrimStart('/'))),
        ];

    /// <summary>True where it names this container.</summary>
    public bool Means(ContainerFacts container) => Container == container.Name || MeansId(container.Id);

    /// <summary>True where it names the container of this id by its id. A recreated container has another id.</summary>
    public bool MeansId(string id) => Container.Length >= ShortestId && id.StartsWith(Container, StringComparison.Ordinal);
}

/// <summary>What a container takes from another one.</summary>
internal enum ReferenceKind
{
    /// <summary><c>--volumes-from</c>.</summary>
    Volumes,

    /// <summary><c>--link</c>.</summary>
    Link,
}
