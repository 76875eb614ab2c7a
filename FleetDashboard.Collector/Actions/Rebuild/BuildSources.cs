using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Metadata;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions.Rebuild;

/// <summary>Finds what a container's image is built from: first in the metadata file, then in its Compose file.</summary>
internal sealed class BuildSources(BuildRoots roots, ComposeBuilds compose, IOptions<MetadataOptions> metadata)
{
    /// <summary>Increases whenever a build plan has changed.</summary>
    public long Version => compose.Version;

    /// <summary>Starts a pass over the fleet. A plan that no pass requests is dropped after a while.</summary>
    public void BeginRound() => compose.BeginRound();

    /// <summary>The plan as far as it is loaded. Never waits.</summary>
    /// <param name="container">The container.</param>
    /// <param name="service">The container's service name in its app.</param>
    /// <param name="source">The build settings of its app in the metadata file. Null if there are none.</param>
    /// <param name="images">The number of different images among the app's containers that hold no data.</param>
    public BuildAnswer Find(ContainerFacts container, string service, RebuildSource? source, int images)
    {
        if (!roots.Any)
        {
            return BuildAnswer.Blocked(BuildRoots.Unset);
        }

        if (container.Image.Contains('@') || container.Image.StartsWith("sha256:", StringComparison.Ordinal))
        {
            return BuildAnswer.Blocked("it was created from an image id or digest, but a build creates a tag");
        }

        return source is null || (source.Service is { } named && named != service) ? compose.Find(container)
            : source.Service is null && images > 1
                ? BuildAnswer.Blocked(
                    $"fleet.yaml line {source.Line} does not name the service to build, but the app has {images} images; add 'service'"
                )
            : new BuildAnswer(
                new BuildPlan(
                    Path.GetFullPath(source.Context, Folder),
                    source.Dockerfile,
                    source.Args,
                    null,
                    source.Args.Clear(),
                    $"fleet.yaml line {source.Line}"
                ),
                null
            );
    }

    private string Folder => Path.GetDirectoryName(Path.GetFullPath(metadata.Value.File ?? "fleet.yaml")) ?? "/";
}
