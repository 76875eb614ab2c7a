using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>What to ask the engine for, so that a new container takes the place of an old one. Made from the engine's own description of the old one.</summary>
/// <param name="Name">The name of both.</param>
/// <param name="Body">The body of the create call.</param>
/// <param name="Connect">The networks to connect it to before it starts, with its place on each; the first one is in the body.</param>
/// <param name="Disconnect">A network that the engine connects it to by itself and the old one was not on; null for none.</param>
internal sealed record Successor(string Name, JsonObject Body, ImmutableArray<(string Network, JsonObject Endpoint)> Connect, string? Disconnect)
{
    /// <summary>
    /// Describes the successor. All that was set by whoever made the old container is kept; what it had from its image comes from the new image.
    /// Unknown settings are kept as they are: the description is taken over whole, and only what is named here is changed.
    /// </summary>
    /// <param name="old">The old container, as inspected while it still ran.</param>
    /// <param name="oldImage">Its image; null where the engine no longer has it, and what came from it cannot be told from what was set.</param>
    /// <param name="newImageId">The id of the image it is to run.</param>
    /// <param name="api">The API that the engine is spoken to in.</param>
    public static Successor Of(JsonObject old, JsonObject? oldImage, string newImageId, Version api)
    {
        var id = (string)old["Id"]!;
        var body = (JsonObject)old["Config"]!.DeepClone();
        var host = (JsonObject)old["HostConfig"]!.DeepClone();
        var mode = (string?)host["NetworkMode"] ?? "default";

        ImageDefaults.TakeAway(body, host, oldImage?["Config"] as JsonObject);
        Hostnames.Settle(body, host, id, mode);
        NameTheImage(body, (string?)old["Image"], newImageId);
        HeldVolumes.Name(host, old["Mounts"] as JsonArray ?? []);
        Links.Settle(host);
        var places = Places.Of(old, mode, api);

        body["HostConfig"] = host;
        if (places.First is var (network, endpoint))
        {
            body["NetworkingConfig"] = new JsonObject { ["EndpointsConfig"] = new JsonObject { [network] = endpoint } };
        }

        return new Successor(((string)old["Name"]!).TrimStart('/'), body, places.Others, places.Unwanted);
    }

    // Compose looks at this label to tell whether a container is on the image that its tag names now.
    private static void NameTheImage(JsonObject body, string? oldImageId, string newImageId)
    {
        const string label = "com.docker.compose.image";
        if (body["Labels"] is JsonObject labels && (string?)labels[label] is { } named && named == oldImageId)
        {
            labels[label] = newImageId;
        }
    }
}
