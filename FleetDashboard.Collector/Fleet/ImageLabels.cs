using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace FleetDashboard.Collector.Fleet;

/// <summary>
/// Tells the labels that came with an image from those that were set on the container. Whoever can push an image chooses its labels, so
/// they decide
/// neither the app of a container nor what is built for it. A label that protects counts wherever it comes from.
/// </summary>
internal static class ImageLabels
{
    public const string ComposePrefix = "com.docker.compose.";

    private static readonly string[] Reserved = [ComposePrefix, "com.docker.stack.", "com.docker.swarm.", "fleet."];

    /// <summary>These only ever take rights away, so an image may bring them.</summary>
    private static readonly string[] Protecting = ["fleet.protected", "fleet.database", "fleet.role", "com.docker.swarm.service.id"];

    // Compose sets these on each container that it makes, and an image cannot know their value for a container.
    private static readonly string[] ComposeMarks = ["com.docker.compose.config-hash", "com.docker.compose.container-number"];

    // Compose sets these on each container, and on the images that it builds.
    private static readonly string[] ComposeNames =
    [
        "com.docker.compose.project",
        "com.docker.compose.service",
        "com.docker.compose.version",
    ];

    /// <summary>True for a label that decides something here.</summary>
    public static bool IsReserved(string key) => Reserved.Any(prefix => key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>A container's labels without the reserved ones that it has from its image.</summary>
    /// <param name="labels">All labels of the container.</param>
    /// <param name="image">Those of its image; null where they are not known.</param>
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

    /// <summary>True where Compose made the container: it carries a mark of Compose that its image does not.</summary>
    public static bool IsMadeByCompose(ImmutableDictionary<string, string> labels, ImmutableDictionary<string, string> image) =>
        ComposeMarks.Any(mark => labels.TryGetValue(mark, out var value) && image.GetValueOrDefault(mark) != value);

    /// <summary>Labels in the engine's JSON.</summary>
    public static ImmutableDictionary<string, string> Read(JsonNode? labels) =>
        (labels as JsonObject ?? []).ToImmutableDictionary(
            label => label.Key,
            label => label.Value is JsonValue value && value.TryGetValue<string>(out var text) ? text : ""
        );
}
