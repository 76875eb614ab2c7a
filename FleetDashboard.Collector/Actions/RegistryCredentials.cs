using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions;

/// <summary>The credentials for a registry.</summary>
/// <param name="Header">The value of X-Registry-Auth; null for an anonymous request.</param>
/// <param name="Remark">Why the credentials may be missing, as a sentence for the user; null otherwise.</param>
internal sealed record RegistryAccess(string? Header, string? Remark)
{
    // The generated ToString would print the password.
    public override string ToString() => Header is null ? "anonymous" : "with credentials";
}

/// <summary>
/// Credentials from Docker's <c>config.json</c>. The file is read each time, so a new login counts at once. They are sent to the engine
/// only.
/// </summary>
internal sealed class RegistryCredentials(IOptions<ActionOptions> options)
{
    private const string DockerHub = "docker.io";
    private const int MaxBytes = 1 << 20;

    private static readonly string[] DockerHubKeys =
    [
        "https://index.docker.io/v1/",
        "index.docker.io",
        "docker.io",
        "registry-1.docker.io",
    ];

    /// <summary>The credentials for one registry.</summary>
    public async Task<RegistryAccess> ForAsync(string registry, CancellationToken cancellationToken)
    {
        var (config, remark) = await ReadAsync(cancellationToken);
        return config is null ? new RegistryAccess(null, remark) : Choose(config, registry);
    }

    /// <summary>The credentials for all registries that a build may need, as one header.</summary>
    public async Task<RegistryAccess> ForBuildsAsync(CancellationToken cancellationToken)
    {
        var (config, remark) = await ReadAsync(cancellationToken);
        var all = (config?.Logins ?? [])
            .Select(entry => (entry.Key, Value: Login(entry.Value, entry.Key)))
            .Where(entry => entry.Value is not null)
            .ToDictionary(entry => entry.Key, entry => entry.Value!);
        return new RegistryAccess(
            all.Count == 0 ? null : Encode(JsonSerializer.SerializeToUtf8Bytes(all, RegistryJson.Default.DictionaryStringRegistryAuth)),
            remark
        );
    }

    private async Task<(RegistryConfig? Config, string? Remark)> ReadAsync(CancellationToken cancellationToken)
    {
        var path = options.Value.RegistryConfig ?? Usual();
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                return (
                    null,
                    options.Value.RegistryConfig is null
                        ? null
                        : "The file of Actions:RegistryConfig does not exist, so the registry was asked without credentials."
                );
            }

            if (file.Length > MaxBytes)
            {
                return (null, "The file with the registries' credentials is larger than 1 MiB and was not read.");
            }

            await using var bytes = file.OpenRead();
            return (await JsonSerializer.DeserializeAsync(bytes, RegistryJson.Default.RegistryConfig, cancellationToken), null);
        }
        catch (Exception unreadable)
            when (unreadable is IOException or UnauthorizedAccessException or JsonException && !cancellationToken.IsCancellationRequested)
        {
            // The text is not repeated in the message: a file that is not JSON may still hold a password.
            return (
                null,
                "The file with the registries' credentials could not be read "
                    + $"({(unreadable is JsonException ? "it is not JSON" : "no permission, or removed")}). "
                    + "The registry was asked without them."
            );
        }
    }

    internal static RegistryAccess Choose(RegistryConfig config, string registry)
    {
        string[] keys = registry == DockerHub ? DockerHubKeys : [registry];
        var login = (config.Logins ?? []).FirstOrDefault(entry => keys.Contains(entry.Key) || keys.Contains(Host(entry.Key))).Value;
        if (Login(login, registry == DockerHub ? DockerHubKeys[0] : registry) is { } sent)
        {
            return new RegistryAccess(Encode(JsonSerializer.SerializeToUtf8Bytes(sent, RegistryJson.Default.RegistryAuth)), null);
        }

        // Docker's client would now run a credential helper. The Collector runs no programs.
        var program = keys.Select(key => config.Helpers?.GetValueOrDefault(key)).FirstOrDefault(name => name is not null) ?? config.Store;
        return new RegistryAccess(
            null,
            program is null or ""
                ? null
                : $"The credentials of {registry} are in docker-credential-{program}, which the Collector cannot run. "
                    + "The registry was asked without "
                    + "them. Put a login into a separate config.json and set Actions:RegistryConfig to its path."
        );
    }

    private static RegistryAuth? Login(RegistryLogin? login, string server)
    {
        if (login is null)
        {
            return null;
        }

        var (user, password) = (login.User, login.Password);
        if (login.Both is { Length: > 0 } both)
        {
            var buffer = new byte[both.Length];
            if (
                !Convert.TryFromBase64String(both, buffer, out var length)
                || Encoding.UTF8.GetString(buffer, 0, length).TrimEnd('\0').Split(':', 2) is not [var name, var word]
            )
            {
                return null;
            }

            (user, password) = (name, word);
        }

        if (string.IsNullOrEmpty(login.IdentityToken) && string.IsNullOrEmpty(user))
        {
            return null;
        }

        return new RegistryAuth
        {
            User = user,
            Password = string.IsNullOrEmpty(login.IdentityToken) ? password : null,
            IdentityToken = login.IdentityToken,
            Server = server,
        };
    }

    // URL-safe Base64 with padding. The engine rejects it without padding.
    private static string Encode(byte[] json) => Convert.ToBase64String(json).Replace('+', '-').Replace('/', '_');

    private static string Host(string key)
    {
        var start = key.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? scheme + 3 : 0;
        return key[start..].Split('/')[0];
    }

    private static string Usual() =>
        Path.Combine(
            Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } folder
                ? folder
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker"),
            "config.json"
        );
}

/// <summary>The parts of <c>config.json</c> that are used.</summary>
internal sealed class RegistryConfig
{
    [JsonPropertyName("auths")]
    public Dictionary<string, RegistryLogin>? Logins { get; set; }

    [JsonPropertyName("credHelpers")]
    public Dictionary<string, string>? Helpers { get; set; }

    [JsonPropertyName("credsStore")]
    public string? Store { get; set; }
}

internal sealed class RegistryLogin
{
    [JsonPropertyName("auth")]
    public string? Both { get; set; }

    [JsonPropertyName("username")]
    public string? User { get; set; }

    [JsonPropertyName("password")]
    public string? Password { get; set; }

    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; set; }
}

/// <summary>The credentials as the engine expects them.</summary>
internal sealed class RegistryAuth
{
    [JsonPropertyName("username")]
    public string? User { get; set; }

    [JsonPropertyName("password")]
    public string? Password { get; set; }

    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; set; }

    [JsonPropertyName("serveraddress")]
    public string? Server { get; set; }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RegistryConfig))]
[JsonSerializable(typeof(RegistryAuth))]
[JsonSerializable(typeof(Dictionary<string, RegistryAuth>))]
internal sealed partial class RegistryJson : JsonSerializerContext;
