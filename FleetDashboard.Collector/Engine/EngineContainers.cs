using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// The calls that recreate a container, in the engine's own JSON. The client library has the models of one API version: a setting that they
/// lack would be lost between the old container and the new one.
/// </summary>
internal sealed class EngineContainers(IOptions<EngineOptions> options, EngineChannel channel, EngineCalls calls)
{
    /// <summary>The engine that answers, and the API version in use.</summary>
    public EngineIdentity Identity => channel.Identity;

    /// <summary>Inspects a container by id or name; null where the engine has none.</summary>
    public Task<JsonObject?> InspectAsync(string container, CancellationToken cancellationToken) =>
        FindAsync("inspect", $"containers/{Uri.EscapeDataString(container)}/json", cancellationToken);

    /// <summary>Inspects an image by reference or id; null where the engine has none.</summary>
    public Task<JsonObject?> InspectImageAsync(string image, CancellationToken cancellationToken) =>
        FindAsync("image", $"images/{Uri.EscapeDataString(image)}/json", cancellationToken);

    /// <summary>Inspects a network; null where the engine has none.</summary>
    public Task<JsonObject?> InspectNetworkAsync(string network, CancellationToken cancellationToken) =>
        FindAsync("network", $"networks/{Uri.EscapeDataString(network)}", cancellationToken);

    /// <summary>Every container, running or not: its id and names.</summary>
    public async Task<JsonArray> ListAsync(CancellationToken cancellationToken) =>
        (
            await SendAsync("list", HttpMethod.Get, "containers/json?all=true", null, cancellationToken, limit: EngineLimits.ListBytes)
        )?.AsArray() ?? [];

    /// <summary>Creates a container and returns its id.</summary>
    public async Task<string> CreateAsync(string name, JsonObject body, CancellationToken cancellationToken) =>
        (string?)
            (await SendAsync("create", HttpMethod.Post, $"containers/create?name={Uri.EscapeDataString(name)}", body, cancellationToken))?[
                "Id"
            ]
        ?? throw new InvalidDataException("The engine created a container but sent no id.");

    public Task RenameAsync(string id, string name, CancellationToken cancellationToken) =>
        SendAsync("rename", HttpMethod.Post, $"containers/{id}/rename?name={Uri.EscapeDataString(name)}", null, cancellationToken);

    /// <summary>
    /// Stops it with its own stop signal and timeout. The answer may take <paramref name="stopTimeout"/> longer than the usual deadline.
    /// </summary>
    public Task StopAsync(string id, TimeSpan stopTimeout, CancellationToken cancellationToken) =>
        SendAsync("stop", HttpMethod.Post, $"containers/{id}/stop", null, cancellationToken, options.Value.Deadline + stopTimeout);

    public Task StartAsync(string id, CancellationToken cancellationToken) =>
        SendAsync("start", HttpMethod.Post, $"containers/{id}/start", null, cancellationToken, options.Value.Deadline * 3);

    /// <summary>Removes a container and keeps its volumes. A running one is removed only with <paramref name="force"/>.</summary>
    public Task RemoveAsync(string id, bool force, CancellationToken cancellationToken) =>
        SendAsync(
            "remove",
            HttpMethod.Delete,
            $"containers/{id}?v=false&force={(force ? "true" : "false")}",
            null,
            cancellationToken,
            options.Value.Deadline * 3
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

    /// <exception cref="EngineRefusal">The engine answered with a failure.</exception>
    /// <exception cref="EngineTimeout">The engine did not answer in time. It may still do what it was asked to do.</exception>
    private Task<JsonNode?> SendAsync(
        string kind,
        HttpMethod method,
        string path,
        JsonNode? body,
        CancellationToken cancellationToken,
        TimeSpan? deadline = null,
        int limit = EngineLimits.InspectBytes
    ) =>
        calls.AskAsync(
            kind,
            deadline ?? options.Value.Deadline,
            async token =>
            {
                using var request = new HttpRequestMessage(method, $"/{path}");
                if (body is not null)
                {
                    request.Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
                }

                using var response = await channel.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
                await using var answer = new LimitedStream(await response.Content.ReadAsStreamAsync(token), limit, $"/{path}");
                using var reader = new StreamReader(answer);
                var text = await reader.ReadToEndAsync(token);
                return text.Length > 0 ? JsonNode.Parse(text) : null;
            },
            cancellationToken
        );
}
