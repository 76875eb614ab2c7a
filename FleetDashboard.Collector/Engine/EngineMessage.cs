using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FleetDashboard.Collector.Engine;

/// <summary>What the engine says when it says no.</summary>
internal sealed record EngineMessage([property: JsonPropertyName("message")] string? Message)
{
    /// <summary>The sentence in the body of a refusal, or that there was none.</summary>
    public static string In(string body, HttpStatusCode status)
    {
        try
        {
            return JsonSerializer.Deserialize(body, EngineMessageJson.Default.EngineMessage)?.Message is { Length: > 0 } said
                ? EngineLimits.Cut(said.Trim(), EngineLimits.SentenceLength)
                : Unsaid(status);
        }
        catch (JsonException)
        {
            return Unsaid(status);
        }
    }

    private static string Unsaid(HttpStatusCode status) => $"The engine answered {(int)status}";
}

[JsonSerializable(typeof(EngineMessage))]
internal sealed partial class EngineMessageJson : JsonSerializerContext;
