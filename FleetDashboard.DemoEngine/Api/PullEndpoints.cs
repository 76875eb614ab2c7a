using System.Text;
using System.Text.Json;
using FleetDashboard.DemoEngine.Fleet;
using Microsoft.Extensions.Options;

namespace FleetDashboard.DemoEngine.Api;

/// <summary>Serves pulls: the demo registry has every image of the fleet, and never a newer one.</summary>
internal static class PullEndpoints
{
    public static void MapPulls(this IEndpointRouteBuilder routes) => routes.MapPost("/images/create", PullAsync);

    private static async Task PullAsync(HttpContext context, DemoFleet fleet, IOptions<DemoOptions> options, TimeProvider time)
    {
        var (name, tag) = (context.Request.Query["fromImage"].ToString(), context.Request.Query["tag"].ToString());
        if (name.Length == 0)
        {
            await context.AnswerMessageAsync(StatusCodes.Status400BadRequest, "the demo engine only supports pulls: fromImage is missing");
            return;
        }

        var reference = $"{name}:{(tag.Length > 0 ? tag : "latest")}";
        var image = fleet.Images.FirstOrDefault(image => image.Name == reference);
        context.Response.ContentType = "application/json";
        await WriteAsync(context, $"Pulling from {name}", tag);
        await Task.Delay(options.Value.StopTakes, time, context.RequestAborted);
        if (image is null)
        {
            await WriteAsync(context, new PullLine { Error = $"manifest for {reference} not found: manifest unknown: manifest unknown" });
            return;
        }

        await WriteAsync(context, $"Digest: sha256:{StableId.Create(1, image.Name)}");
        await WriteAsync(context, $"Status: Image is up to date for {reference}");
    }

    private static Task WriteAsync(HttpContext context, string status, string? id = null) =>
        WriteAsync(context, new PullLine { Status = status, Id = id });

    private static async Task WriteAsync(HttpContext context, PullLine line)
    {
        var text = JsonSerializer.Serialize(line, PullJson.Default.PullLine) + "\r\n";
        await context.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}

/// <summary>One line of a pull's response.</summary>
internal sealed class PullLine
{
    public string? Status { get; set; }

    public string? Id { get; set; }

    public string? Error { get; set; }
}

[System.Text.Json.Serialization.JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull
)]
[System.Text.Json.Serialization.JsonSerializable(typeof(PullLine))]
internal sealed partial class PullJson : System.Text.Json.Serialization.JsonSerializerContext;
