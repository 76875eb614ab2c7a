using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FleetDashboard.Collector.Engine;
using Xunit;

namespace FleetDashboard.Tests.Support;

/// <summary>The engine's raw JSON, for fields that the client's models do not have.</summary>
internal static class RawEngine
{
    /// <summary>A client for the engine's socket, without version and error handling.</summary>
    public static HttpClient Create(Uri endpoint) =>
        new(EngineHttp.CreateHandler(endpoint)) { BaseAddress = EngineHttp.AddressOf(endpoint), Timeout = Timeout.InfiniteTimeSpan };

    public static async Task<JsonNode?> GetAsync(Uri endpoint, string path, CancellationToken cancellationToken, string api = "1.41")
    {
        using var http = Create(endpoint);
        return await http.GetFromJsonAsync<JsonNode>($"/v{api}/{path}", cancellationToken);
    }

    /// <summary>Creates a container from the body of a create call; returns its id.</summary>
    public static async Task<string> CreateAsync(
        Uri endpoint,
        string name,
        JsonObject body,
        CancellationToken cancellationToken,
        string api = "1.41"
    )
    {
        using var http = Create(endpoint);
        using var content = new StringContent(body.ToJsonString(), new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        using var response = await http.PostAsync($"/v{api}/containers/create?name={name}", content, cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{answer}");
        return (string)answer!["Id"]!;
    }
}
