using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>What the description of a successor depends on beside the two containers' images.</summary>
/// <param name="Api">The API version that the engine is spoken to in.</param>
/// <param name="Machine">The host name of the engine's machine; empty where it is not known.</param>
internal sealed record EngineTerms(Version Api, string Machine);

/// <summary>
/// What to ask the engine for, so that a new container takes the place of an old one. Made from the engine's own description of the old
/// one.
/// </summary>
/// <param name="Name">The name of both.</param>
/// <param name="Body">The body of the create call.</param>
/// <param name="Connect">The networks to connect it to before it starts; the others are in the body.</param>
/// <param name="Networks">All that it shall be on: the engine may connect it to another one by itself.</param>
/// <param name="Remarks">What the job should say before anything is done.</param>
internal sealed record ReplacementContainer(
    string Name,
    JsonObject Body,
    ImmutableArray<PlannedEndpoint> Connect,
    ImmutableHashSet<string> Networks,
    ImmutableArray<string> Remarks
)
{
    private static readonly Version EndpointMacs = new(1, 44);

    /// <summary>
    /// Describes the successor. All that was set by whoever made the old container is kept; what it had from its image comes from the new
    /// image.
    /// Unknown settings are kept as they are: the description is taken over whole, and only what is named here is changed.
    /// </summary>
    /// <param name="old">The old container, as inspected while it still ran.</param>
    /// <param name="oldImage">Its image; null where the engine no longer has it, and what came from it cannot be told from what was
    /// set.</param>
    /// <param name="newImage">The image it is to run.</param>
    /// <param name="engine">What the engine is.</param>
    public static ReplacementContainer Create(JsonObject old, JsonObject? oldImage, JsonObject newImage, EngineTerms engine)
    {
        var id = (string)old["Id"]!;
        var body = (JsonObject)old["Config"]!.DeepClone();
        var host = (JsonObject)old["HostConfig"]!.DeepClone();
        var mode = (string?)host["NetworkMode"] ?? "default";
        var (before, after) = (oldImage?["Config"] as JsonObject, newImage["Config"] as JsonObject);

        ImageDefaults.TakeAway(body, host, before);
        Hostnames.Settle(body, host, id, mode, engine.Machine);
        NameTheImage(body, (string?)old["Image"], (string)newImage["Id"]!);
        HeldVolumes.Name(body, host, old["Mounts"] as JsonArray ?? []);
        ContainerLinks.Settle(host);
        var places = NetworkAttachments.From(old, mode, engine.Api);
        if (engine.Api >= EndpointMacs)
        {
            body.Remove("MacAddress"); // It is at its endpoint.
        }

        ImmutableArray<string> remarks =
        [
            .. ImageDifferences.Describe(body, before, after),
            .. WaitLimits.Announce(old["Config"], HealthCheck(body, after)),
            .. places.Remarks,
        ];
        body["HostConfig"] = host;
        if (places.AtCreation.Length > 0)
        {
            body["NetworkingConfig"] = new JsonObject
            {
                ["EndpointsConfig"] = new JsonObject(
                    places.AtCreation.Select(place => KeyValuePair.Create(place.Network, (JsonNode?)place.Endpoint))
                ),
            };
        }

        return new ReplacementContainer(((string)old["Name"]!).TrimStart('/'), body, places.Afterwards, places.Names, remarks);
    }

    // As the engine puts it together: what is not set on the container is the image's.
    private static JsonObject HealthCheck(JsonObject body, JsonObject? image)
    {
        var check = (JsonObject?)(image?["Healthcheck"] as JsonObject)?.DeepClone() ?? [];
        foreach (var (name, value) in body["Healthcheck"] as JsonObject ?? [])
        {
            check[name] = value?.DeepClone();
        }

        return check;
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
