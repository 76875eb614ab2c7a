using System.Text.RegularExpressions;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>An image by name and tag, as the engine pulls it.</summary>
/// <param name="Name">The image with its registry, without its tag.</param>
/// <param name="Tag">The tag; <c>latest</c> where none was given.</param>
internal sealed partial record ImageReference(string Name, string Tag)
{
    private const string DockerHub = "docker.io";

    public override string ToString() => $"{Name}:{Tag}";

    /// <summary>As the engine spells it in its lists: without Docker Hub and its <c>library</c>.</summary>
    public string Familiar
    {
        get
        {
            var name = WithoutStart(WithoutStart(Name, "index.docker.io/"), "docker.io/");
            return $"{(name.Count(letter => letter == '/') == 1 ? WithoutStart(name, "library/") : name)}:{Tag}";

            static string WithoutStart(string text, string start) => text.StartsWith(start, StringComparison.Ordinal) ? text[start.Length..] : text;
        }
    }

    /// <summary>The registry that has it: the first part where that looks like a host, as the engine reads it.</summary>
    public string Registry => Name.Split('/') is [var first, _, ..] && (first.Contains('.') || first.Contains(':') || first == "localhost") ? first : DockerHub;

    /// <summary>Why there is nothing to pull for a container; null where there is.</summary>
    public static Refusal? WhyNotPulled(ContainerFacts facts) =>
        facts.Image.Contains('@') ? new Refusal(RefusalCodes.NoTag, "its image is pinned to a digest, which never changes: there is nothing to pull")
        : Parse(facts) is null ? new Refusal(RefusalCodes.NoTag, "it was made from an image's id, not from a name with a tag: there is nothing to pull")
        : null;

    /// <summary>Reads the reference a container was made from; null for an id or a digest.</summary>
    public static ImageReference? Parse(ContainerFacts facts)
    {
        var image = facts.Image;
        if (image.Length == 0 || image.Contains('@') || image.StartsWith("sha256:", StringComparison.Ordinal)
            || (Hexadecimal().IsMatch(image) && facts.ImageId.StartsWith("sha256:" + image, StringComparison.Ordinal)))
        {
            return null;
        }

        // A colon before the last slash is a registry's port.
        var colon = image.LastIndexOf(':');
        return colon > image.LastIndexOf('/') ? new ImageReference(image[..colon], image[(colon + 1)..]) : new ImageReference(image, "latest");
    }

    [GeneratedRegex(@"\A[0-9a-f]{6,64}\z")]
    private static partial Regex Hexadecimal();
}
