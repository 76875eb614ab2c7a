using System.Net.Http.Headers;
using System.Text.Json;
using FleetDashboard.Contracts;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>
/// Asks the userinfo endpoint. The framework ends the sign-in when that endpoint fails, also where the id token has all that is needed;
/// here its failure is a fact of its own.
/// </summary>
internal sealed partial class UserInfoDocument(OidcProviderClient provider, ILogger<UserInfoDocument> logger)
{
    private const int MaxReason = 200;

    /// <summary>What the endpoint says of the user; nothing, and no reason, where there is no such endpoint.</summary>
    /// <exception cref="SecurityTokenException">It speaks of another user.</exception>
    public async Task<UserInfo> ReadAsync(string? accessToken, string subject, CancellationToken cancellationToken)
    {
        if (accessToken is null || await provider.DescribeAsync(cancellationToken) is not { UserInfoEndpoint: { Length: > 0 } address })
        {
            return new UserInfo(null, null);
        }
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
            using var answer = await provider.Backchannel.SendAsync(request, cancellationToken); // bounded in time and size
            if (!answer.IsSuccessStatusCode)
            {
                return Failed($"it answered {(int)answer.StatusCode}");
            }
            var type = answer.Content.Headers.ContentType?.MediaType;
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            var document = type switch
            {
                "application/json" => JsonSerializer.Deserialize<JsonElement>(text),
                "application/jwt" => JsonSerializer.Deserialize<JsonElement>(
                    Base64UrlEncoder.DecodeBytes(new JsonWebToken(text).EncodedPayload)
                ),
                _ => default,
            };
            if (document.ValueKind != JsonValueKind.Object)
            {
                return Failed($"it answered {type ?? "no type"} where JSON is expected");
            }
            return document.TryGetProperty("sub", out var sub) && sub.ValueKind == JsonValueKind.String && sub.GetString() == subject
                ? new UserInfo(document, null)
                : throw new SecurityTokenException("The userinfo endpoint speaks of another user than the id token.");
        }
        catch (Exception ex)
            when (ex is HttpRequestException or JsonException or ArgumentException or FormatException
                || (ex is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            return Failed(ex is OperationCanceledException ? "it did not answer in time" : ex.Message);
        }
    }

    private UserInfo Failed(string reason)
    {
        LogFailed(SafeText.Clean(reason, MaxReason));
        return new UserInfo(null, reason);
    }

    [LoggerMessage(LogLevel.Warning, "The provider's userinfo endpoint cannot be used: {Reason}. The id token alone counts")]
    private partial void LogFailed(string reason);
}

/// <summary>What the userinfo endpoint says, or why it says nothing.</summary>
internal sealed record UserInfo(JsonElement? Document, string? Failure);
