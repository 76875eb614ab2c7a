using System.Collections.Immutable;
using Docker.DotNet.Models;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// Another container that one names in its settings. Without it, or under another id, it cannot be recreated or started any more.
/// </summary>
/// <param name="Kind">What it takes from the other.</param>
/// <param name="Container">The other, as the engine reports it: an id, the beginning of one, or a name.</param>
internal sealed record ContainerReference(ReferenceKind Kind, string Container)
{
    private const int ShortestId = 6;

    internal static ImmutableArray<ContainerReference> From(HostConfig? host) =>
        [
            .. (host?.VolumesFrom ?? []).Select(source => new ContainerReference(ReferenceKind.Volumes, source.Split(':')[0])),
            .. (host?.Links ?? []).Select(link => new ContainerReference(ReferenceKind.Link, link.Split(':')[0].TrimStart('/'))),
        ];

    /// <summary>True where it means this container.</summary>
    public bool Means(ContainerFacts container) => Container == container.Name || MeansId(container.Id);

    /// <summary>True where it means the container of this id by its id, which a new container would not have.</summary>
    public bool MeansId(string id) => Container.Length >= ShortestId && id.StartsWith(Container, StringComparison.Ordinal);
}

/// <summary>What one container takes from another by naming it.</summary>
internal enum ReferenceKind
{
    /// <summary><c>--volumes-from</c>.</summary>
    Volumes,

    /// <summary><c>--link</c>.</summary>
    Link,
}
