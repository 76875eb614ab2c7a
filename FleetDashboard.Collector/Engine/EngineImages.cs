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
/// Finds, lists and pulls images. The pull is a raw call: the client library reports progress in a way that loses lines and their order.
/// </summary>
internal sealed class EngineImages(IOptions<EngineOptions> options, EngineChannel channel, EngineCalls calls, TimeProvider time)
{
    /// <summary>How the engine lists an image that has lost its tag.</summary>
    private const string Untagged = "<none>:<none>";

    /// <summary>What the engine runs on, e.g. <c>linux/amd64</c>; empty where it does not say.</summary>
    public string Platform => channel.Identity.Platform;

    /// <summary>The image of this name or id; null where the host has none.</summary>
    public Task<ImageFacts?> FindAsync(string reference, CancellationToken cancellationToken) =>
        calls.AskAsync<ImageFacts?>(
            "image",
            options.Value.Deadline,
            async token =>
            {
                var name = string.Join('/', reference.Split('/').Select(Uri.EscapeDataString));
                try
                {
                    using var answer = await EngineReader.GetAsync(
                        channel.Http,
                        $"/images/{name}/json",
                        EngineLimits.InspectBytes,
                        time,
                        token
                    );
                    var platform = new[] { answer.Root.Text("Os"), answer.Root.Text("Architecture"), answer.Root.Text("Variant") };
                    return new ImageFacts(
                        answer.Root.Text("Id") ?? "",
                        string.Join('/', platform.Where(part => !string.IsNullOrEmpty(part)))
                    );
                }
                catch (EngineRefusal gone) when (gone.Status == HttpStatusCode.NotFound)
                {
                    return null;
                }
            },
            cancellationToken
        );

    /// <summary>The images on the host, with their tags and labels.</summary>
    public Task<HostImages> ListAsync(CancellationToken cancellationToken) =>
        calls.AskAsync(
            "images",
            options.Value.Deadline,
            async token =>
            {
                using var answer = await EngineReader.GetAsync(channel.Http, "/images/json", EngineLimits.ImagesBytes, time, token);
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

    /// <summary>Pulls a tag. Read the stream to its end: the engine answers 200 first and reports failures in the stream.</summary>
    /// <param name="name">The image without its tag.</param>
    /// <param name="tag">Its tag.</param>
    /// <param name="platform">The platform to keep to; null for the engine's own.</param>
    /// <param name="credentials">The header <c>X-Registry-Auth</c>; null for none.</param>
    /// <param name="cancellationToken">Ends the answer, and with it the pull.</param>
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
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/images/create?{query}");
        if (credentials is not null)
        {
            request.Headers.Add("X-Registry-Auth", credentials);
        }

        using var opened = await EngineStream.OpenAsync(channel, request, cancellationToken);
        if (opened.Body is not { } body)
        {
            yield return new PullMessage { ErrorText = opened.Refusal };
            yield break;
        }

        await foreach (
            var message in JsonLines.ReadAsync(body, EngineLimits.MessageBytes, ImagesJson.Default.PullMessage, cancellationToken)
        )
        {
            yield return message;
        }
    }
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

[JsonSerializable(typeof(PullMessage))]
internal sealed partial class ImagesJson : JsonSerializerContext;
