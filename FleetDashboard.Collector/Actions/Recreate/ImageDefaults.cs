using System.Text.Json.Nodes;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// Takes away from a container's settings what it has from its image, so that the engine fills it in anew from the new one. The engine does not
/// remember where a setting came from: what is the same as in the image counts as the image's.
/// </summary>
internal static class ImageDefaults
{
    private static readonly string[] Simple = ["User", "WorkingDir", "StopSignal", "Shell", "OnBuild", "Healthcheck"];

    public static void TakeAway(JsonObject config, JsonObject host, JsonObject? image)
    {
        if (image is null)
        {
            return;
        }

        foreach (var name in Simple.Where(name => Same(config[name], image[name])))
        {
            config.Remove(name);
        }

        Entries(config, image, "Env");
        Keys(config, image, "Labels", keep: null);
        Keys(config, image, "Volumes", keep: null);
        Keys(config, image, "ExposedPorts", keep: host["PortBindings"] as JsonObject); // The engine publishes only what is exposed as well.
        Command(config, image);
    }

    // A container with an entry point of its own takes no command from the image: there the command stays, if it is none at all.
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
            config["Entrypoint"] = new JsonArray(""); // It had the image's taken away: this is how the engine is told so.
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

    private static void Keys(JsonObject config, JsonObject image, string name, JsonObject? keep)
    {
        if (config[name] is not JsonObject own || image[name] is not JsonObject theirs)
        {
            return;
        }

        foreach (var key in theirs.Where(pair => own.ContainsKey(pair.Key) && Same(own[pair.Key], pair.Value) && keep?.ContainsKey(pair.Key) != true).Select(pair => pair.Key).ToList())
        {
            own.Remove(key);
        }
    }

    private static bool Same(JsonNode? one, JsonNode? other) => IsEmpty(one) ? IsEmpty(other) : JsonNode.DeepEquals(one, other);

    private static bool IsEmpty(JsonNode? node) => node is null or JsonArray { Count: 0 } || (node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length == 0);
}
