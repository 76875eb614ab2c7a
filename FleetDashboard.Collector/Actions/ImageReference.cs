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
    /// The spelling that tags are compared by. An engine may write <c>nginx</c> or <c>docker.io/library/nginx</c>.
    /// </summary>
    public string Full => ImageName.FullOf(ToString());

    /// <summary>The registry, as the engine derives it from the name.</summary>
    public string Registry => ImageName.Parse(Name).Registry;

    /// <summary>Why nothing can be pulled for a container; null where a pull is possible.</summary>
    public static Refusal? WhyNotPulled(ContainerFacts facts) =>
        facts.Image.Contains('@') ? new Refusal(RefusalCodes.NoTag, "its image is pinned to a digest, so there is nothing newer to pull")
        : Parse(facts) is null
            ? new Refusal(RefusalCodes.NoTag, "it was created from an image's id, not from a name with a tag, so there is nothing to pull")
        : null;

    /// <summary>The reference that a container was created from; null for an id or a digest.</summary>
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

        // A colon before the last slash belongs to the registry's port.
        var colon = image.LastIndexOf(':');
        return colon > image.LastIndexOf('/')
            ? new ImageReference(image[..colon], image[(colon + 1)..])
            : new ImageReference(image, "latest");
    }

    [GeneratedRegex(@"\A[0-9a-f]{6,64}\z")]
    private static partial Regex Hexadecimal();
}
