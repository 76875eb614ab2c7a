using System.Net;
using System.Text.Json;

namespace FleetDashboard.Collector.Engine;

/// <summary>What the engine's clock showed at some moment between two moments of ours.</summary>
/// <param name="Shown">The engine's clock.</param>
/// <param name="Asked">When we sent the request, by our clock.</param>
/// <param name="Arrived">When the answer began to arrive, by our clock.</param>
internal sealed record EngineMoment(DateTimeOffset Shown, DateTimeOffset Asked, DateTimeOffset Arrived);

/// <summary>An answer of the engine: its JSON, and when it was sent (null where it has no Date header).</summary>
internal sealed record EngineAnswer(JsonDocument Json, EngineMoment? Sent) : IDisposable
{
    public JsonElement Root => Json.RootElement;

    public void Dispose() => Json.Dispose();
}

/// <summary>Asks the engine for one JSON answer, with a limit on its size.</summary>
internal static class EngineReader
{
    private const int MostDepth = 64;

    /// <summary>Reads the answer to one GET request.</summary>
    /// <param name="http">The client of the <see cref="EngineChannel"/>.</param>
    /// <param name="path">The path without a version.</param>
    /// <param name="limit">The most bytes of the body.</param>
    /// <param name="time">Our clock.</param>
    /// <param name="cancellationToken">Carries the deadline.</param>
    /// <exception cref="EngineRefusal">The engine, or a proxy before it, answered with a failure.</exception>
    /// <exception cref="InvalidDataException">The answer is too large or not JSON.</exception>
    public static async Task<EngineAnswer> GetAsync(
        HttpClient http,
        string path,
        int limit,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var asked = time.GetUtcNow();
        using var response = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var arrived = time.GetUtcNow();
        await using var body = new LimitedStream(await response.Content.ReadAsStreamAsync(cancellationToken), limit, path);
        try
        {
            var sent = response.Headers.Date is { } date ? new EngineMoment(date, asked, arrived) : null;
            return new EngineAnswer(
                await JsonDocument.ParseAsync(body, new JsonDocumentOptions { MaxDepth = MostDepth }, cancellationToken),
                sent
            );
        }
        catch (JsonException)
        {
            throw new InvalidDataException(
                $"The engine's answer to {Plain(path)} is not JSON. Is another program listening at Engine:Endpoint?"
            );
        }
    }

    /// <summary>The refusal that a response carries, with the permission that may be missing.</summary>
    public static async Task<EngineRefusal> RefusalAsync(HttpResponseMessage response, string path, CancellationToken cancellationToken)
    {
        await using var body = new LimitedStream(
            await response.Content.ReadAsStreamAsync(cancellationToken),
            EngineLimits.RefusalBytes,
            path
        );
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

        return Refusal(response.StatusCode, text, path, response.RequestMessage?.Method.Method ?? "GET");
    }

    private static EngineRefusal Refusal(HttpStatusCode status, string body, string path, string method)
    {
        var refusal = new EngineRefusal(status, EngineMessage.In(body, status));
        return refusal.IsForbidden
            ? new EngineRefusal(
                status,
                $"The engine refuses {method} {Plain(path)} ({(int)status}). If a socket proxy stands before it, permit that path there."
            )
            : refusal;
    }

    /// <summary>A path without ids and the query: <c>/containers/{id}/json</c>.</summary>
    public static string Plain(string path)
    {
        var end = path.IndexOf('?', StringComparison.Ordinal);
        var plain = end < 0 ? path : path[..end];
        return string.Join('/', plain.Split('/').Select(part => ContainerList.IsId(part) ? "{id}" : part));
    }
}
