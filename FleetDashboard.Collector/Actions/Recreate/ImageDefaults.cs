using System.Text.Json.Nodes;
using FleetDashboard.Collector.Fleet;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// Removes the settings that a container got from its image, so that the engine takes them from the new image. The engine does not record
/// where a setting came from, so a value equal to the image's counts as the image's. The user is an exception: it never changes, so that a
/// new image cannot gain rights.
/// </summary>
internal static class ImageDefaults
{
    private static readonly string[] Simple = ["WorkingDir", "StopSignal", "Shell", "OnBuild"];
    private static readonly string[] CheckTimes = ["Interval", "Timeout", "StartPeriod", "StartInterval", "Retries"];

    public static void Remove(JsonObject config, JsonObject host, JsonObject? image)
    {
        if (image is null)
        {
            return;
        }

        foreach (var name in Simple.Where(name => Same(config[name], image[name])))
        {
            config.Remove(name);
        }

        Check(config, image["Healthcheck"] as JsonObject);
        Entries(config, image, "Env");
        Labels(config, image);
        Keys(config, image, "Volumes", _ => false);
        var published = host["PortBindings"] as JsonObject; // a published port must also be exposed
        Keys(config, image, "ExposedPorts", port => published?.ContainsKey(port) == true);
        Command(config, image);
    }

    // The engine fills in each missing part of a health check from the image, so each part is compared separately.
    private static void Check(JsonObject config, JsonObject? image)
    {
        if (config["Healthcheck"] is not JsonObject own || image is null)
        {
            return;
        }

        if (Same(own["Test"], image["Test"]))
        {
            own.Remove("Test");
        }

        foreach (var time in CheckTimes.Where(time => own[time] is { } value && JsonNode.DeepEquals(value, image[time])))
        {
            own.Remove(time);
        }

        if (own.Count == 0)
        {
            config.Remove("Healthcheck");
        }
    }

    // When a container overrides Entrypoint, Docker ignores the image's Cmd. Keep the container's Cmd even if it is empty.
    private static void Command(JsonObject config, JsonObject image)
    {
        if (Same(config["Entrypoint"], image["Entrypoint"]))
        {
            config.Remove("Entrypoint");
            if (Same(config["Cmd"], image["Cmd"]))
            {
                config.Remove("Cmd");
            }
        }
        else if (config["Entrypoint"] is not JsonArray { Count: > 0 })
        {
            config["Entrypoint"] = new JsonArray(""); // the container cleared the image's entry point; [""] clears it again
        }
    }

    private static void Entries(JsonObject config, JsonObject image, string name)
    {
        if (config[name] is JsonArray own && image[name] is JsonArray theirs)
        {
            var known = theirs.Select(one => (string?)one).ToHashSet();
            config[name] = new JsonArray([.. own.Where(one => !known.Contains((string?)one)).Select(one => one?.DeepClone())]);
        }
    }

    // Compose also puts the labels by which it finds a container on the images that it builds. Keep them on Compose's containers.
    private static void Labels(JsonObject config, JsonObject image)
    {
        var (own, theirs) = (ImageLabels.Read(config["Labels"]), ImageLabels.Read(image["Labels"]));
        var isComposes = ImageLabels.IsMadeByCompose(own, theirs);
        Keys(config, image, "Labels", label => isComposes && label.StartsWith(ImageLabels.ComposePrefix, StringComparison.Ordinal));
    }

    private static void Keys(JsonObject config, JsonObject image, string name, Func<string, bool> keep)
    {
        if (config[name] is not JsonObject own || image[name] is not JsonObject theirs)
        {
            return;
        }

        foreach (
            var key in theirs
                .Where(pair => own.ContainsKey(pair.Key) && Same(own[pair.Key], pair.Value) && !keep(pair.Key))
                .Select(pair => pair.Key)
                .ToList()
        )
        {
            own.Remove(key);
        }
    }

    private static bool Same(JsonNode? one, JsonNode? other) => IsEmpty(one) ? IsEmpty(other) : JsonNode.DeepEquals(one, other);

    private static bool IsEmpty(JsonNode? node) =>
        node is null or JsonArray { Count: 0 } || (node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length == 0);
}
