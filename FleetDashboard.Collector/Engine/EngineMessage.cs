using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FleetDashboard.Collector.Engine;

/// <summary>The body of a refusal.</summary>
internal sealed record EngineMessage([property: JsonPropertyName("message")] string? Message)
{
    /// <summary>The sentence in the body of a refusal, or the status where it has none.</summary>
    public static string In(string body, HttpStatusCode status)
    {
        try
        {
            return JsonSerializer.Deserialize(body, EngineMessageJson.Default.EngineMessage)?.Message is { Length: > 0 } sentence
                ? EngineLimits.Cut(sentence.Trim(), EngineLimits.SentenceLength)
                : WithoutMessage(status);
        }
        catch (JsonException)
        {
            return WithoutMessage(status);
        }
    }

    private static string WithoutMessage(HttpStatusCode status) => $"The engine answered {(int)status}";
}

[JsonSerializable(typeof(EngineMessage))]
internal sealed partial class EngineMessageJson : JsonSerializerContext;
