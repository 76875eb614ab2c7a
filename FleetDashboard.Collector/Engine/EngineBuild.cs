using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FleetDashboard.Collector.Engine;

/// <summary>What to build.</summary>
/// <param name="Tag">The name of the image.</param>
/// <param name="Dockerfile">Inside the context.</param>
/// <param name="Args">Build arguments.</param>
/// <param name="Target">The stage to stop at; null for the last.</param>
/// <param name="Labels">Labels of the image.</param>
/// <param name="Credentials">The header X-Registry-Config for base images; null for none.</param>
internal sealed record BuildRequest(
    string Tag,
    string Dockerfile,
    IReadOnlyDictionary<string, string> Args,
    string? Target,
    IReadOnlyDictionary<string, string> Labels,
    string? Credentials
);

/// <summary>Builds images with the engine's own builder.</summary>
internal sealed class EngineBuild(EngineChannel channel, EngineCalls calls)
{
    /// <summary>Builds. Read the stream to its end: the engine answers 200 first and reports failures in the stream.</summary>
    /// <param name="request">What to build.</param>
    /// <param name="context">The sources as a tar.</param>
    /// <param name="cancellationToken">Ends the answer, and with it the build.</param>
    public async IAsyncEnumerable<BuildMessage> BuildAsync(
        BuildRequest request,
        HttpContent context,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        calls.Opened("build");
        var query =
            $"t={Uri.EscapeDataString(request.Tag)}&dockerfile={Uri.EscapeDataString(request.Dockerfile)}"
            + $"&buildargs={Json(request.Args)}&labels={Json(request.Labels)}&rm=1&forcerm=1"
            + (request.Target is { } target ? $"&target={Uri.EscapeDataString(target)}" : "");
        using var message = new HttpRequestMessage(HttpMethod.Post, $"/build?{query}") { Content = context };
        if (request.Credentials is { } credentials)
        {
            message.Headers.Add("X-Registry-Config", credentials);
        }

        using var opened = await EngineStream.OpenAsync(channel, message, cancellationToken);
        if (opened.Body is not { } body)
        {
            yield return new BuildMessage { ErrorText = opened.Refusal };
            yield break;
        }

        await foreach (var one in JsonLines.ReadAsync(body, EngineLimits.MessageBytes, BuildJson.Default.BuildMessage, cancellationToken))
        {
            yield return one;
        }
    }

    private static string Json(IReadOnlyDictionary<string, string> pairs) =>
        Uri.EscapeDataString(new JsonObject(pairs.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))).ToJsonString());
}

/// <summary>One message of a build's stream.</summary>
internal sealed class BuildMessage
{
    /// <summary>Output of the build.</summary>
    [JsonPropertyName("stream")]
    public string? Stream { get; set; }

    /// <summary>The progress of one layer of a base image.</summary>
    [JsonPropertyName("status")]
    public string? Status { get; set; }

    [JsonPropertyName("id")]
    public string? Id { get; set; }

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

    /// <summary>True where many messages about the same layer follow.</summary>
    [JsonIgnore]
    public bool HasDetail => Detail is { Total: > 0 } or { Current: > 0 };
}

[JsonSerializable(typeof(BuildMessage))]
internal sealed partial class BuildJson : JsonSerializerContext;
