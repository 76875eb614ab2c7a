using System.Net;
using System.Text.Json;

namespace FleetDashboard.Collector.Engine;

/// <summary>An answer of the engine: its JSON, and the time it was sent by the engine's clock (whole seconds).</summary>
internal sealed record EngineAnswer(JsonDocument Json, DateTimeOffset? SentAt) : IDisposable
{
    public JsonElement Root => Json.RootElement;

    public void Dispose() => Json.Dispose();
}

/// <summary>Asks the engine for one JSON answer, with a limit on its size.</summary>
internal static class EngineReader
{
    private const int MostDepth = 64;

    /// <summary>Reads the answer to one GET request.</summary>
    /// <param name="http">The channel to the engine.</param>
    /// <param name="path">The path with the version before it.</param>
    /// <param name="limit">The most bytes of the body.</param>
    /// <param name="cancellationToken">Carries the deadline.</param>
    /// <exception cref="EngineRefusal">The engine, or a proxy before it, answered with a failure.</exception>
    /// <exception cref="InvalidDataException">The answer is too large or not JSON.</exception>
    public static async Task<EngineAnswer> GetAsync(HttpClient http, string path, int limit, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw await RefusalAsync(response, path, cancellationToken);
        }

        await using var body = new LimitedStream(await response.Content.ReadAsStreamAsync(cancellationToken), limit, path);
        try
        {
            return new EngineAnswer(await JsonDocument.ParseAsync(body, new JsonDocumentOptions { MaxDepth = MostDepth }, cancellationToken), response.Headers.Date);
        }
        catch (JsonException)
        {
            throw new InvalidDataException($"The engine's answer to {Plain(path)} is not JSON. Is another program listening at Engine:Endpoint?");
        }
    }

    /// <summary>The refusal that a response carries, with the permission that may be missing.</summary>
    public static async Task<EngineRefusal> RefusalAsync(HttpResponseMessage response, string path, CancellationToken cancellationToken)
    {
        await using var body = new LimitedStream(await response.Content.ReadAsStreamAsync(cancellationToken), EngineLimits.RefusalBytes, path);
        string text;
        try
        {
            using var reader = new StreamReader(body);
            text = await reader.ReadToEndAsync(cancellationToken);
        }
        catch (InvalidDataException)
        {
            text = "";
        }

        return Refusal(response.StatusCode, text, path);
    }

    /// <summary>The refusal with this status and body.</summary>
    public static EngineRefusal Refusal(HttpStatusCode status, string body, string path) => new(status,
        status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized or HttpStatusCode.MethodNotAllowed
            ? $"The engine refuses GET {Plain(path)} ({(int)status}). If a socket proxy stands before it, permit that path there."
            : EngineMessage.In(body, status));

    /// <summary>A path without the version and the query: <c>/containers/json</c>.</summary>
    public static string Plain(string path)
    {
        var end = path.IndexOf('?', StringComparison.Ordinal);
        var plain = end < 0 ? path : path[..end];
        plain = plain.StartsWith("/v", StringComparison.Ordinal) && plain.IndexOf('/', 1) is > 0 and var slash ? plain[slash..] : plain;
        return string.Join('/', plain.Split('/').Select(part => ContainerList.IsId(part) ? "{id}" : part));
    }
}
