using System.Text.Json;
using FleetDashboard.DemoEngine.Fleet;

namespace FleetDashboard.DemoEngine.Api;

internal static class ImageEndpoints
{
    private const string InspectSuffix = "/json";

    public static void MapImages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/images/json", (HttpContext context, DemoFleet fleet) => context.AnswerArrayAsync(fleet.Images, WriteListed));
        // Image names contain slashes, so the rest of the path is the name.
        routes.MapGet("/images/{**rest}", InspectAsync);
    }

    private static Task InspectAsync(HttpContext context, string rest, DemoFleet fleet)
    {
        if (!rest.EndsWith(InspectSuffix, StringComparison.Ordinal))
        {
            return context.AnswerMessageAsync(StatusCodes.Status404NotFound, "page not found");
        }

        var name = rest[..^InspectSuffix.Length];
        var image = fleet.Images.FirstOrDefault(image =>
            image.Name == name || image.Id == name || image.Id == "sha256:" + name || image.Name == name + ":latest"
        );
        return image is null
            ? context.AnswerMessageAsync(StatusCodes.Status404NotFound, "No such image: " + name)
            : context.AnswerJsonAsync(json => WriteInspected(json, image));
    }

    private static void WriteListed(Utf8JsonWriter json, ImagePlan image)
    {
        json.WriteStartObject();
        json.WriteNumber("Containers", -1);
        json.WriteNumber("Created", image.Created.ToUnixTimeSeconds());
        json.WriteString("Id", image.Id);
        json.WriteNull("Labels");
        json.WriteString("ParentId", "");
        json.WriteStrings("RepoDigests", [DigestOf(image)]);
        json.WriteStrings("RepoTags", [image.Name]);
        json.WriteNumber("SharedSize", -1);
        json.WriteNumber("Size", image.Size);
        json.WriteNumber("VirtualSize", image.Size);
        json.WriteEndObject();
    }

    private static void WriteInspected(Utf8JsonWriter json, ImagePlan image)
    {
        json.WriteStartObject();
        json.WriteString("Id", image.Id);
        json.WriteStrings("RepoTags", [image.Name]);
        json.WriteStrings("RepoDigests", [DigestOf(image)]);
        json.WriteString("Parent", "");
        json.WriteString("Comment", "");
        json.WriteString("Created", EngineJsonValues.Rfc3339(image.Created));
        json.WriteString("Container", "");
        json.WriteString("DockerVersion", DemoHost.EngineVersion);
        json.WriteString("Author", "");
        json.WriteStartObject("Config");
        json.WriteNull("Labels");
        json.WriteEndObject();
        json.WriteString("Architecture", "amd64");
        json.WriteString("Os", "linux");
        json.WriteNumber("Size", image.Size);
        json.WriteNumber("VirtualSize", image.Size);
        json.WriteStartObject("RootFS");
        json.WriteString("Type", "layers");
        json.WriteStrings("Layers", ["sha256:" + StableId.Create(2, image.Name)]);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string DigestOf(ImagePlan image) =>
        $"{image.Name[..image.Name.IndexOf(':', StringComparison.Ordinal)]}@sha256:{StableId.Create(1, image.Name)}";
}
