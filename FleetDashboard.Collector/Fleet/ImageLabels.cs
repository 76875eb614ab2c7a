using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace FleetDashboard.Collector.Fleet;

/// <summary>
/// Separates the labels that came with an image from the labels that were set on the container. The author of an image chooses its labels,
/// so they decide neither the container's app nor what is built for it. A label that protects counts wherever it comes from.
/// </summary>
internal static class ImageLabels
{
    public const string ComposePrefix = "com.docker.compose.";

    private static readonly string[] Reserved = [ComposePrefix, "com.docker.stack.", "com.docker.swarm.", "fleet."];

    /// <summary>These labels only protect, so an image may bring them.</summary>
    private static readonly string[] Protecting = ["fleet.protected", "fleet.database", "fleet.role", "com.docker.swarm.service.id"];

    // Compose sets these on each container that it creates. An image cannot know their value for a container.
    private static readonly string[] ComposeMarks = ["com.docker.compose.config-hash", "com.docker.compose.container-number"];

    // Compose sets these on each container, and on the images that it builds.
    private static readonly string[] ComposeNames =
    [
        "com.docker.compose.project",
        "com.docker.compose.service",
        "com.docker.compose.version",
    ];

    /// <summary>True for a label that this dashboard evaluates.</summary>
    public static bool IsReserved(string key) => Reserved.Any(prefix => key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>A container's labels without the reserved ones that come from its image.</summary>
    /// <param name="labels">All labels of the container.</param>
    /// <param name="image">The labels of its image; null where they are not available.</param>
    public static ImmutableDictionary<string, string> OfContainer(
        ImmutableDictionary<string, string> labels,
        ImmutableDictionary<string, string>? image
    )
    {
        if (image is null || image.IsEmpty)
        {
            return labels;
        }

        var isComposes = IsMadeByCompose(labels, image);
        return labels.RemoveRange(
            labels
                .Keys.Where(key =>
                    IsReserved(key)
                    && !Protecting.Contains(key)
                    && image.GetValueOrDefault(key) == labels[key]
                    && !(isComposes && ComposeNames.Contains(key))
                )
                .ToList()
        );
    }

    /// <summary>True where Compose created the container: it has a label of Compose that its image does not have.</summary>
    public static bool IsMadeByCompose(ImmutableDictionary<string, string> labels, ImmutableDictionary<string, string> image) =>
        ComposeMarks.Any(mark => labels.TryGetValue(mark, out var value) && image.GetValueOrDefault(mark) != value);

    /// <summary>Labels in the engine's JSON.</summary>
    public static ImmutableDictionary<string, string> Read(JsonNode? labels) =>
        (labels as JsonObject ?? []).ToImmutableDictionary(
            label => label.Key,
            label => label.Value is JsonValue value && value.TryGetValue<string>(out var text) ? text : ""
        );
}
