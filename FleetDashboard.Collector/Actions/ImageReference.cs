using System.Text.RegularExpressions;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>An image by name and tag, as the engine pulls it.</summary>
/// <param name="Name">The image with its registry, without its tag.</param>
/// <param name="Tag">The tag; <c>latest</c> where none was given.</param>
internal sealed partial record ImageReference(string Name, string Tag)
{
    public override string ToString() => $"{Name}:{Tag}";

    /// <summary>
    /// The one spelling of it that tags are compared by: an engine may write <c>nginx</c> or <c>docker.io/library/nginx</c>.
    /// </summary>
    public string Full => ImageName.FullOf(ToString());

    /// <summary>The registry that has it, as the engine reads it.</summary>
    public string Registry => ImageName.Parse(Name).Registry;

    /// <summary>Why there is nothing to pull for a container; null where there is.</summary>
    public static Refusal? WhyNotPulled(ContainerFacts facts) =>
        facts.Image.Contains('@')
            ? new Refusal(RefusalCodes.NoTag, "its image is pinned to a digest, which never changes: there is nothing to pull")
        : Parse(facts) is null
            ? new Refusal(RefusalCodes.NoTag, "it was made from an image's id, not from a name with a tag: there is nothing to pull")
        : null;

    /// <summary>Reads the reference a container was made from; null for an id or a digest.</summary>
    public static ImageReference? Parse(ContainerFacts facts)
    {
        var image = facts.Image;
        if (
            image.Length == 0
            || image.Contains('@')
            || image.StartsWith("sha256:", StringComparison.Ordinal)
            || (Hexadecimal().IsMatch(image) && facts.ImageId.StartsWith("sha256:" + image, StringComparison.Ordinal))
        )
        {
            return null;
        }

        // A colon before the last slash is a registry's port.
        var colon = image.LastIndexOf(':');
        return colon > image.LastIndexOf('/')
            ? new ImageReference(image[..colon], image[(colon + 1)..])
            : new ImageReference(image, "latest");
    }

    [GeneratedRegex(@"\A[0-9a-f]{6,64}\z")]
    private static partial Regex Hexadecimal();
}
