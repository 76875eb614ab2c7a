using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Metadata;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions.Rebuild;

/// <summary>Says what a container's image is built from: the metadata file first, then its compose file.</summary>
internal sealed class BuildSources(BuildRoots roots, ComposeBuilds compose, IOptions<MetadataOptions> metadata)
{
    /// <summary>Changes whenever an answer changed.</summary>
    public long Version => compose.Version;

    /// <summary>Begins a round of questions. An answer that no round asks for is forgotten after a while.</summary>
    public void BeginRound() => compose.BeginRound();

    /// <summary>What is known now; never waits.</summary>
    /// <param name="container">The container.</param>
    /// <param name="service">What it is called inside its app.</param>
    /// <param name="source">What the metadata file says of its app; null where it says nothing.</param>
    /// <param name="images">The different images among the containers of its app that hold no data.</param>
    public BuildAnswer Find(ContainerFacts container, string service, RebuildSource? source, int images)
    {
        if (!roots.Any)
        {
            return BuildAnswer.Blocked(BuildRoots.Unset);
        }

        if (container.Image.Contains('@') || container.Image.StartsWith("sha256:", StringComparison.Ordinal))
        {
            return BuildAnswer.Blocked("it was made from an image's id or digest, and a build makes a tag");
        }

        return source is null || (source.Service is { } named && named != service) ? compose.Find(container)
            : source.Service is null && images > 1
                ? BuildAnswer.Blocked(
                    $"fleet.yaml line {source.Line} says what to build but not for which of the app's {images} images: add 'service'"
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
