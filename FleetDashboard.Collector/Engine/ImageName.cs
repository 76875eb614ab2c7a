namespace FleetDashboard.Collector.Engine;

/// <summary>
/// An image reference, parsed by Docker's grammar (https://github.com/distribution/reference). The part before the first slash is a
/// registry where it has a dot, a colon or a capital letter, or is <c>localhost</c>. Everything else is at Docker Hub.
/// </summary>
/// <param name="Registry">The registry's host; <c>docker.io</c> for every spelling of Docker Hub.</param>
/// <param name="Path">The repository in its full form, e.g. <c>library/nginx</c>.</param>
/// <param name="Tag">The tag; empty where it is not given.</param>
/// <param name="Digest">The digest; empty where it is not given.</param>
internal sealed record ImageName(string Registry, string Path, string Tag, string Digest)
{
    public const string DockerHub = "docker.io";

    private const string OldDockerHub = "index.docker.io",
        Official = "library/",
        DefaultTag = "latest";

    /// <summary>
    /// The full form, equal for all references to the same tag: <c>docker.io/library/nginx:latest</c> for <c>nginx</c>.
    /// </summary>
    public string Full => $"{Registry}/{Path}:{(Tag.Length > 0 ? Tag : DefaultTag)}";

    public static ImageName Parse(string reference)
    {
        var at = reference.IndexOf('@', StringComparison.Ordinal);
        var (name, digest) = at < 0 ? (reference, "") : (reference[..at], reference[(at + 1)..]);
        var colon = name.LastIndexOf(':'); // A colon before the last slash belongs to a registry's port.
        var tag = colon > name.LastIndexOf('/') ? name[(colon + 1)..] : "";
        name = tag.Length > 0 || name.EndsWith(':') ? name[..colon] : name;

        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var (registry, path) = slash > 0 && IsRegistry(name[..slash]) ? (name[..slash], name[(slash + 1)..]) : (DockerHub, name);
        registry = registry == OldDockerHub ? DockerHub : registry;
        return new ImageName(registry, registry == DockerHub && !path.Contains('/') ? Official + path : path, tag, digest);
    }

    /// <summary>The full form of a tag, e.g. of the engine's list.</summary>
    public static string FullOf(string reference) => Parse(reference).Full;

    private static bool IsRegistry(string first) => first.AsSpan().ContainsAny('.', ':') || first == "localhost" || first.Any(char.IsUpper);
}
