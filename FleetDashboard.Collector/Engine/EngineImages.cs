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

/// <summary>The images on the host.</summary>
/// <param name="Tags">Each tag in its full form (<see cref="ImageName.Full"/>) with the id of the image that it names.</param>
/// <param name="Labels">The labels of each image, by its id.</param>
internal sealed record HostImages(
    ImmutableDictionary<string, string> Tags,
    ImmutableDictionary<string, ImmutableDictionary<string, string>> Labels
)
{
    public static readonly HostImages None = new(
        ImmutableDictionary<string, string>.Empty,
        ImmutableDictionary<string, ImmutableDictionary<string, string>>.Empty
    );
}

/// <summary>
/// Images: looks them up, and pulls them past the client library, whose way of reporting progress can lose lines and their order.
/// </summary>
internal sealed class EngineImages(IOptions<EngineOptions> options, EngineClient engine, EngineCalls calls, TimeProvider time) : IDisposable
{
    /// <summary>What the engine calls an image that has lost its tag.</summary>
    private const string Untagged = "<none>:<none>";

    private readonly HttpClient _http = EngineHttp.Create(options.Value.Endpoint);

    /// <summary>The image of this name or id; null where the host has none.</summary>
    public Task<ImageFacts?> FindAsync(string reference, CancellationToken cancellationToken) =>
        calls.AskAsync<ImageFacts?>(
            "image",
            options.Value.Deadline,
            async token =>
            {
                using var response = await _http.GetAsync(
                    $"/v{engine.ApiVersion}/images/{string.Join('/', reference.Split('/').Select(Uri.EscapeDataString))}/json",
                    token
                );
                if (response.StatusCode == HttpStatusCode.NotFound)
                {
                    return null;
                }

                response.EnsureSuccessStatusCode();
                await using var body = new LimitedStream(
                    await response.Content.ReadAsStreamAsync(token),
                    EngineLimits.InspectBytes,
                    "/images/json"
                );
                var image = await JsonSerializer.DeserializeAsync(body, ImagesJson.Default.ImageAnswer, token);
                return image is null
                    ? null
                    : new ImageFacts(
                        image.Id,
                        string.Join('/', new[] { image.Os, image.Architecture, image.Variant }.Where(part => !string.IsNullOrEmpty(part)))
                    );
            },
            cancellationToken
        );

    /// <summary>The images on the host: what each tag names, and the labels that decide something here.</summary>
    public Task<HostImages> ListAsync(CancellationToken cancellationToken) =>
        calls.AskAsync(
            "images",
            options.Value.Deadline,
            async token =>
            {
                using var answer = await EngineReader.GetAsync(
                    _http,
                    $"/v{engine.ApiVersion}/images/json",
                    EngineLimits.ImagesBytes,
                    time,
                    token
                );
                var images = ((JsonElement?)answer.Root)
                    .Items(EngineLimits.Images)
                    .Select(image => (Id: image.Text("Id"), Json: image))
                    .Where(image => image.Id is { Length: > 0 })
                    .ToList();
                return new HostImages(
                    images
                        .SelectMany(image =>
                            image
                                .Json.Member("RepoTags")
                                .Items(EngineLimits.Attachments)
                                .Select(tag => EngineJson.AsText(tag, EngineLimits.NameLength))
                                .Where(tag => tag is { Length: > 0 } and not Untagged)
                                .Select(tag => KeyValuePair.Create(ImageName.FullOf(tag!), image.Id!))
                        )
                        .DistinctBy(tag => tag.Key)
                        .ToImmutableDictionary(),
                    images.DistinctBy(image => image.Id).ToImmutableDictionary(image => image.Id!, image => image.Json.Labels("Labels"))
                );
            },
            cancellationToken
        );

    /// <summary>Pulls a tag. The stream must be read to its end: the engine answers 200 first and tells of failures in it.</summary>
    /// <param name="name">The image without its tag.</param>
    /// <param name="tag">Its tag.</param>
    /// <param name="platform">The platform to keep to; null for the engine's own.</param>
    /// <param name="credentials">The header <c>X-Registry-Auth</c>; null for none.</param>
    /// <param name="cancellationToken">Ends it, and so the engine's own pulling.</param>
    public async IAsyncEnumerable<PullMessage> PullAsync(
        string name,
        string tag,
        string? platform,
        string? credentials,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        calls.Opened("pull");
        var query =
            $"fromImage={Uri.EscapeDataString(name)}&tag={Uri.EscapeDataString(tag)}"
            + (platform is null ? "" : $"&platform={Uri.EscapeDataString(platform)}");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v{engine.ApiVersion}/images/create?{query}");
        if (credentials is not null)
        {
            request.Headers.Add("X-Registry-Auth", credentials);
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            yield return new PullMessage
            {
                ErrorText = (await EngineReader.RefusalAsync(response, "/images/create", cancellationToken)).Message,
            };
            yield break;
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (
            var message in JsonLines.ReadAsync(body, EngineLimits.MessageBytes, ImagesJson.Default.PullMessage, cancellationToken)
        )
        {
            yield return message;
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

    /// <summary>Why it failed. Deprecated since API 1.48 in favour of <see cref="ErrorDetail"/>.</summary>
    [JsonPropertyName("error")]
    public string? ErrorText { get; set; }

    [JsonPropertyName("errorDetail")]
    public EngineMessage? ErrorDetail { get; set; }

    /// <summary>Why it failed; null where it did not.</summary>
    [JsonIgnore]
    public string? Error => ErrorText is { Length: > 0 } ? ErrorText : ErrorDetail?.Message;

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
