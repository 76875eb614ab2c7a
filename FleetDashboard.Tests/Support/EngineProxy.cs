using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FleetDashboard.Tests.Support;

/// <summary>How a call through the proxy fails.</summary>
public enum ProxyFault
{
    /// <summary>The engine rejects the call without doing anything.</summary>
    Refused,

    /// <summary>The connection breaks before the engine receives the call.</summary>
    LostOnTheWay,

    /// <summary>The engine executes the call, and the connection breaks before its response.</summary>
    AnswerLost,
}

/// <summary>A response that the proxy sends itself.</summary>
internal sealed record ProxyResponse(int Status, string Body, string ContentType = "text/html");

/// <summary>A proxy in front of a real engine, on its own socket. It passes everything on, except for faults that a test injects.</summary>
internal sealed class EngineProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _engine;
    private readonly string _folder;

    private EngineProxy(WebApplication app, HttpClient engine, string folder) => (_app, _engine, _folder) = (app, engine, folder);

    public Uri Endpoint => new($"unix://{_folder}/door.sock");

    /// <summary>Called for each request before it is passed on. Returns the fault to inject.</summary>
    public Func<HttpRequest, Task<ProxyFault?>>? Before { get; set; }

    /// <summary>A response from the proxy itself, as a socket proxy sends it. Null passes the request on.</summary>
    public Func<HttpRequest, ProxyResponse?>? Instead { get; set; }

    /// <summary>Changes the JSON of a response. Receives the path without its version, and the response.</summary>
    public Action<string, JsonNode>? Rewrite { get; set; }

    /// <summary>Moves the Date header by this much, so that the engine's clock is off.</summary>
    public TimeSpan ClockOffset { get; set; }

    /// <summary>Ends every event stream after this time, as proxies do with silent ones.</summary>
    public TimeSpan? CutEventsAfter { get; set; }

    /// <summary>The requests so far, by path without version and query.</summary>
    public ConcurrentDictionary<string, int> Requests { get; } = new();

    public static async Task<EngineProxy> OpenAsync(Uri engine)
    {
        var folder = Directory.CreateTempSubdirectory("fleet-door").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenUnixSocket($"{folder}/door.sock");
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        var door = new EngineProxy(builder.Build(), RawEngine.Create(engine), folder);
        door._app.Run(door.PassAsync);
        await door._app.StartAsync();
        return door;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _engine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task PassAsync(HttpContext context)
    {
        var fault = Before is { } before ? await before(context.Request) : null;
        switch (fault)
        {
            case ProxyFault.Refused:
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                await context.Response.WriteAsync("""{"message":"no space left on device"}""");
                return;
            case ProxyFault.LostOnTheWay:
                context.Abort();
                return;
        }

        var path = Plain(context.Request.Path);
        Requests.AddOrUpdate(path, 1, static (_, count) => count + 1);
        if (Instead?.Invoke(context.Request) is { } own)
        {
            (context.Response.StatusCode, context.Response.ContentType) = (own.Status, own.ContentType);
            await context.Response.WriteAsync(own.Body, context.RequestAborted);
            return;
        }

        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method),
            $"{context.Request.Path}{context.Request.QueryString}"
        );
        if (context.Request.ContentLength > 0 || context.Request.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }

        foreach (var header in context.Request.Headers.Where(header => header.Key.StartsWith("X-", StringComparison.OrdinalIgnoreCase)))
        {
            request.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray());
        }

        using var response = await _engine.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            fault is null ? context.RequestAborted : CancellationToken.None
        );
        if (fault == ProxyFault.AnswerLost)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        if (response.StatusCode is System.Net.HttpStatusCode.NoContent or System.Net.HttpStatusCode.NotModified)
        {
            return;
        }

        if (ClockOffset != TimeSpan.Zero)
        {
            context.Response.Headers.Date = (TimeProvider.System.GetUtcNow() + ClockOffset).ToString("R");
        }

        if (
            Rewrite is { } rewrite
            && response.IsSuccessStatusCode
            && path != "/events"
            && context.Request.Method == "GET"
            && response.Content.Headers.ContentType?.MediaType == "application/json"
        )
        {
            var json = JsonNode.Parse(await response.Content.ReadAsStringAsync(context.RequestAborted))!;
            rewrite(path, json);
            await context.Response.WriteAsync(json.ToJsonString(), context.RequestAborted);
            return;
        }

        using var cut = new CancellationTokenSource(path == "/events" && CutEventsAfter is { } after ? after : Timeout.InfiniteTimeSpan);
        await using var ending = cut.Token.Register(context.Abort);
        await context.Response.StartAsync(context.RequestAborted);
        await using var body = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        var buffer = new byte[16 * 1024];
        while (await body.ReadAsync(buffer, context.RequestAborted) is > 0 and var count)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private static string Plain(PathString path) =>
        path.Value is { } text && text.StartsWith("/v1.", StringComparison.Ordinal) ? text[text.IndexOf('/', 1)..] : path.Value ?? "";
}
