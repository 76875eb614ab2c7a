using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// What is done to a container when it is replaced, in the engine's own JSON. It goes past the client library because its models are those
/// of
/// one version of the API: a setting that they do not know would be lost on the way from the old container to the new one.
/// </summary>
internal sealed class EngineContainers : IDisposable
{
    private readonly HttpClient _http;
    private readonly EngineClient _engine;
    private readonly EngineCalls _calls;
    private readonly EngineOptions _options;

    public EngineContainers(IOptions<EngineOptions> options, EngineClient engine, EngineCalls calls)
    {
        (_options, _engine, _calls) = (options.Value, engine, calls);
        _http = EngineHttp.Create(_options.Endpoint);
    }

    /// <summary>The version of the API in which all of it is said.</summary>
    public System.Version ApiVersion => _engine.ApiVersion;

    /// <summary>The newest version of the API that the engine speaks.</summary>
    public System.Version NewestApiVersion => _engine.NewestApiVersion;

    /// <summary>The host name of the engine's machine; empty where it is not known.</summary>
    public string MachineName => _engine.MachineName;

    /// <summary>Everything the engine knows of a container, by id or name; null where there is none.</summary>
    public Task<JsonObject?> InspectAsync(string container, CancellationToken cancellationToken) =>
        FindAsync("inspect", $"containers/{Uri.EscapeDataString(container)}/json", cancellationToken);

    /// <summary>Everything the engine knows of an image, by reference or id; null where there is none.</summary>
    public Task<JsonObject?> InspectImageAsync(string image, CancellationToken cancellationToken) =>
        FindAsync("image", $"images/{Uri.EscapeDataString(image)}/json", cancellationToken);

    /// <summary>Everything the engine knows of a network; null where there is none.</summary>
    public Task<JsonObject?> InspectNetworkAsync(string network, CancellationToken cancellationToken) =>
        FindAsync("network", $"networks/{Uri.EscapeDataString(network)}", cancellationToken);

    /// <summary>Every container, running or not: its id and names.</summary>
    public async Task<JsonArray> ListAsync(CancellationToken cancellationToken) =>
        (await SendAsync("list", HttpMethod.Get, "containers/json?all=true", null, cancellationToken))?.AsArray() ?? [];

    /// <summary>Creates a container and returns its id.</summary>
    public async Task<string> CreateAsync(string name, JsonObject body, CancellationToken cancellationToken) =>
        (string?)
            (await SendAsync("create", HttpMethod.Post, $"containers/create?name={Uri.EscapeDataString(name)}", body, cancellationToken))?[
                "Id"
            ]
        ?? throw new InvalidDataException("The engine created a container and did not say its id.");

    public Task RenameAsync(string id, string name, CancellationToken cancellationToken) =>
        SendAsync("rename", HttpMethod.Post, $"containers/{id}/rename?name={Uri.EscapeDataString(name)}", null, cancellationToken);

    /// <summary>
    /// Stops it as it wants to be stopped; <paramref name="patience"/> is its own stop timeout, which the answer may take on top of the
    /// usual.
    /// </summary>
    public Task StopAsync(string id, TimeSpan patience, CancellationToken cancellationToken) =>
        SendAsync("stop", HttpMethod.Post, $"containers/{id}/stop", null, cancellationToken, _options.Deadline + patience);

    public Task StartAsync(string id, CancellationToken cancellationToken) =>
        SendAsync("start", HttpMethod.Post, $"containers/{id}/start", null, cancellationToken, _options.Deadline * 3);

    /// <summary>Removes a container and none of its volumes. One that still runs is removed only by <paramref name="force"/>.</summary>
    public Task RemoveAsync(string id, bool force, CancellationToken cancellationToken) =>
        SendAsync(
            "remove",
            HttpMethod.Delete,
            $"containers/{id}?v=false&force={(force ? "true" : "false")}",
            null,
            cancellationToken,
            _options.Deadline * 3
        );

    public Task ConnectAsync(string network, string id, JsonObject endpoint, CancellationToken cancellationToken) =>
        SendAsync(
            "connect",
            HttpMethod.Post,
            $"networks/{Uri.EscapeDataString(network)}/connect",
            new JsonObject { ["Container"] = id, ["EndpointConfig"] = endpoint.DeepClone() },
            cancellationToken
        );

    public Task DisconnectAsync(string network, string id, CancellationToken cancellationToken) =>
        SendAsync(
            "disconnect",
            HttpMethod.Post,
            $"networks/{Uri.EscapeDataString(network)}/disconnect",
            new JsonObject { ["Container"] = id, ["Force"] = true },
            cancellationToken
        );

    public void Dispose() => _http.Dispose();

    private async Task<JsonObject?> FindAsync(string kind, string path, CancellationToken cancellationToken)
    {
        try
        {
            return (await SendAsync(kind, HttpMethod.Get, path, null, cancellationToken))?.AsObject();
        }
        catch (EngineRefusal refusal) when (refusal.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <exception cref="EngineRefusal">The engine said no.</exception>
    /// <exception cref="TimeoutException">The engine did not answer in time: whether it did what it was asked is not known.</exception>
    private Task<JsonNode?> SendAsync(
        string kind,
        HttpMethod method,
        string path,
        JsonNode? body,
        CancellationToken cancellationToken,
        TimeSpan? deadline = null
    ) =>
        _calls.AskAsync(
            kind,
            deadline ?? _options.Deadline,
            async token =>
            {
                using var request = new HttpRequestMessage(method, $"/v{ApiVersion}/{path}");
                if (method != HttpMethod.Get)
                {
                    // Never without content: what has none is said again by the handler itself when the connection breaks.
                    request.Content = new StringContent(body?.ToJsonString() ?? "", new MediaTypeHeaderValue("application/json"));
                }

                using var response = await AnswerAsync(request, token);
                var text = await response.Content.ReadAsStringAsync(token);
                return response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotModified // It already is so.
                    ? text.Length > 0
                        ? JsonNode.Parse(text)
                        : null
                    : throw new EngineRefusal(response.StatusCode, EngineMessage.In(text, response.StatusCode));
            },
            cancellationToken
        );

    // What a job fails with is read by people.
    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException fault)
        {
            throw new HttpRequestException(EngineFault.Describe(fault, _options.Endpoint), fault);
        }
    }
}
