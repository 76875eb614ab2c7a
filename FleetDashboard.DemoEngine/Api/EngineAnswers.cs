using System.Text.Encodings.Web;
using System.Text.Json;

namespace FleetDashboard.DemoEngine.Api;

/// <summary>Writes responses in the engine's format.</summary>
internal static class EngineAnswers
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static async Task AnswerJsonAsync(this HttpContext context, Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter, Json))
        {
            write(json);
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>Writes a long list while it is sent, because five thousand containers should not be held in memory as text.</summary>
    public static async Task AnswerArrayAsync<T>(this HttpContext context, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        const int EnoughForOneWrite = 64 * 1024;
        context.Response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter, Json))
        {
            json.WriteStartArray();
            foreach (var item in items)
            {
                write(json, item);
                if (json.BytesPending > EnoughForOneWrite || context.Response.BodyWriter.UnflushedBytes > EnoughForOneWrite)
                {
                    json.Flush();
                    await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
                }
            }

            json.WriteEndArray();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    public static Task AnswerMessageAsync(this HttpContext context, int status, string message) =>
        context.AnswerJsonAsync(
            json =>
            {
                json.WriteStartObject();
                json.WriteString("message", message);
                json.WriteEndObject();
            },
            status
        );

    public static Task AnswerNoSuchContainerAsync(this HttpContext context, string id) =>
        context.AnswerMessageAsync(StatusCodes.Status404NotFound, "No such container: " + id);
}
