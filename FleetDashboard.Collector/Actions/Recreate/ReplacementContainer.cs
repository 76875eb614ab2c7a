using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>The facts about the engine that the new container's settings depend on.</summary>
/// <param name="Api">The API version in use.</param>
/// <param name="Machine">The engine's host name. Empty if it is not available.</param>
internal sealed record EngineTerms(Version Api, string Machine);

/// <summary>The requests that create a new container in place of an old one, built from the engine's description of the old one.</summary>
/// <param name="Name">The name of both containers.</param>
/// <param name="Body">The body of the create call.</param>
/// <param name="Connect">The networks to connect before it starts. All others are in the body.</param>
/// <param name="Networks">All networks that it must be connected to. The engine may connect it to another one by itself.</param>
/// <param name="Remarks">Lines for the job's output before anything is changed.</param>
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
    /// Describes the new container. Configured settings are kept, and settings that came from the old image are taken from the new one.
    /// Unknown settings are kept too: the description is copied as a whole, and only the settings named here are changed.
    /// </summary>
    /// <param name="old">The old container, as inspected while it was still running.</param>
    /// <param name="oldImage">The old image. Null if the engine no longer has it, so that its defaults look like configured
    /// settings.</param>
    /// <param name="newImage">The image for the new container.</param>
    /// <param name="engine">The facts about the engine.</param>
    public static ReplacementContainer Create(JsonObject old, JsonObject? oldImage, JsonObject newImage, EngineTerms engine)
    {
        var id = (string)old["Id"]!;
        var body = (JsonObject)old["Config"]!.DeepClone();
        var host = (JsonObject)old["HostConfig"]!.DeepClone();
        var mode = (string?)host["NetworkMode"] ?? "default";
        var (before, after) = (oldImage?["Config"] as JsonObject, newImage["Config"] as JsonObject);

        ImageDefaults.Remove(body, host, before);
        Hostnames.RemoveGenerated(body, host, id, mode, engine.Machine);
        NameTheImage(body, (string?)old["Image"], (string)newImage["Id"]!);
        AnonymousVolumes.Name(body, host, old["Mounts"] as JsonArray ?? []);
        ContainerLinks.Convert(host);
        var places = NetworkAttachments.From(old, mode, engine.Api);
        if (engine.Api >= EndpointMacs)
        {
            body.Remove("MacAddress"); // it is set on its endpoint
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

    // Merged as the engine does: what the container does not set comes from the image.
    private static JsonObject HealthCheck(JsonObject body, JsonObject? image)
    {
        var check = (JsonObject?)(image?["Healthcheck"] as JsonObject)?.DeepClone() ?? [];
        foreach (var (name, value) in body["Healthcheck"] as JsonObject ?? [])
        {
            check[name] = value?.DeepClone();
        }

        return check;
    }

    // Compose reads this label to decide whether a container uses the image that its tag names now.
    private static void NameTheImage(JsonObject body, string? oldImageId, string newImageId)
    {
        const string label = "com.docker.compose.image";
        if (body["Labels"] is JsonObject labels && (string?)labels[label] is { } named && named == oldImageId)
        {
            labels[label] = newImageId;
        }
    }
}
