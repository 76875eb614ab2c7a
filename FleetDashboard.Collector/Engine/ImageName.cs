namespace FleetDashboard.Collector.Engine;

/// <summary>
/// An image reference taken apart by Docker's grammar (https://github.com/distribution/reference): the part before the first slash is a
/// registry where it
/// has a dot, a colon or a capital letter, or is <c>localhost</c>; everything else is at Docker Hub.
/// </summary>
/// <param name="Registry">The registry's host; <c>docker.io</c> for Docker Hub, whatever it was called.</param>
/// <param name="Path">The repository in its full form, e.g. <c>library/nginx</c>.</param>
/// <param name="Tag">The tag; empty where there is none.</param>
/// <param name="Digest">The digest; empty where there is none.</param>
internal sealed record ImageName(string Registry, string Path, string Tag, string Digest)
{
    public const string DockerHub = "docker.io";

    private const string OldDockerHub = "index.docker.io",
        Official = "library/",
        DefaultTag = "latest";

    /// <summary>
    /// The one spelling by which two references to the same tag are equal: <c>docker.io/library/nginx:latest</c> for <c>nginx</c>.
    /// </summary>
    public string Full => $"{Registry}/{Path}:{(Tag.Length > 0 ? Tag : DefaultTag)}";

    public static ImageName Parse(string reference)
    {
        var at = reference.IndexOf('@', StringComparison.Ordinal);
        var (name, digest) = at < 0 ? (reference, "") : (reference[..at], reference[(at + 1)..]);
        var colon = name.LastIndexOf(':'); // One before the last slash is a registry's port.
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
