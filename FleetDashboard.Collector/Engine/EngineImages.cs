using System.Collections.Immutable;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Engine;

/// <summary>One image on the host.</summary>
/// <param name="Id">Its id, <c>sha256:…</c>.</param>
/// <param name="Platform">What it runs on, e.g. <c>linux/arm64</c>.</param>
internal sealed record ImageFacts(string Id, string Platform);

/// <summary>Images: looks them up, and pulls them past the client library, whose way of reporting progress can lose lines and their order.</summary>
internal sealed class EngineImages(IOptions<EngineOptions> options, EngineClient engine, EngineCalls calls) : IDisposable
{
    /// <summary>What the engine calls an image that has lost its tag.</summary>
    private const string Untagged = "<none>:<none>";

    private readonly HttpClient _http = EngineHttp.Create(options.Value.Endpoint);

    /// <summary>The image of this name or id; null where the host has none.</summary>
    public Task<ImageFacts?> FindAsync(string reference, CancellationToken cancellationToken) =>
        calls.AskAsync<ImageFacts?>("image", options.Value.Deadline, async token =>
        {
            using var response = await _http.GetAsync($"/v{engine.ApiVersion}/images/{string.Join('/', reference.Split('/').Select(Uri.EscapeDataString))}/json", token);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }

            response.EnsureSuccessStatusCode();
            await using var body = await response.Content.ReadAsStreamAsync(token);
            var image = await JsonSerializer.DeserializeAsync(body, ImagesJson.Default.ImageAnswer, token);
            return image is null ? null : new ImageFacts(image.Id, string.Join('/', new[] { image.Os, image.Architecture, image.Variant }.Where(part => !string.IsNullOrEmpty(part))));
        }, cancellationToken);

    /// <summary>Every tag on the host with the id of the image that it names, as the engine spells them (<c>nginx:latest</c>).</summary>
    public Task<ImmutableDictionary<string, string>> TagsAsync(CancellationToken cancellationToken) =>
        calls.AskAsync("images", options.Value.Deadline, async token =>
        {
            using var answer = await EngineReader.GetAsync(_http, $"/v{engine.ApiVersion}/images/json", EngineLimits.ImagesBytes, token);
            return ((JsonElement?)answer.Root).Items(EngineLimits.Images)
                .SelectMany(image => image.Member("RepoTags").Items(EngineLimits.Attachments).Select(tag => (Tag: EngineJson.AsText(tag, EngineLimits.NameLength), Id: image.Text("Id"))))
                .Where(tag => tag is { Tag: not null and not Untagged, Id: not null }).DistinctBy(tag => tag.Tag).ToImmutableDictionary(tag => tag.Tag!, tag => tag.Id!);
        }, cancellationToken);

    /// <summary>Pulls a tag. The stream must be read to its end: the engine answers 200 first and tells of failures in it.</summary>
    /// <param name="name">The image without its tag.</param>
    /// <param name="tag">Its tag.</param>
    /// <param name="platform">The platform to keep to; null for the engine's own.</param>
    /// <param name="credentials">The header <c>X-Registry-Auth</c>; null for none.</param>
    /// <param name="cancellationToken">Ends it, and so the engine's own pulling.</param>
    public async IAsyncEnumerable<PullMessage> PullAsync(
        string name, string tag, string? platform, string? credentials, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        calls.Opened("pull");
        var query = $"fromImage={Uri.EscapeDataString(name)}&tag={Uri.EscapeDataString(tag)}" + (platform is null ? "" : $"&platform={Uri.EscapeDataString(platform)}");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v{engine.ApiVersion}/images/create?{query}");
        if (credentials is not null)
        {
            request.Headers.Add("X-Registry-Auth", credentials);
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            yield return new PullMessage { Error = EngineMessage.In(await response.Content.ReadAsStringAsync(cancellationToken), response.StatusCode) };
            yield break;
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var message in JsonSerializer.DeserializeAsyncEnumerable(body, ImagesJson.Default.PullMessage, topLevelValues: true, cancellationToken))
        {
            if (message is not null)
            {
                yield return message;
            }
        }
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>One message of a pull's stream.</summary>
internal sealed class PullMessage
{
    /// <summary>The layer, or the tag.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; set; }

    [JsonPropertyName("status")]
    public string? Status { get; set; }

    [JsonPropertyName("error")]
    public string? Error { get; set; }

    [JsonPropertyName("progressDetail")]
    public PullDetail? Detail { get; set; }
}

internal sealed class PullDetail
{
    [JsonPropertyName("current")]
    public long? Current { get; set; }

    [JsonPropertyName("total")]
    public long? Total { get; set; }
}

internal sealed class ImageAnswer
{
    [JsonPropertyName("Id")]
    public string Id { get; set; } = "";

    [JsonPropertyName("Os")]
    public string? Os { get; set; }

    [JsonPropertyName("Architecture")]
    public string? Architecture { get; set; }

    [JsonPropertyName("Variant")]
    public string? Variant { get; set; }
}

[JsonSerializable(typeof(ImageAnswer))]
[JsonSerializable(typeof(PullMessage))]
internal sealed partial class ImagesJson : JsonSerializerContext;
