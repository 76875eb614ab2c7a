using System.Net.Http.Headers;
using System.Text.Json;
using FleetDashboard.Contracts;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>
/// Requests the userinfo endpoint. ASP.NET Core aborts the sign-in if that endpoint fails, even if the id token has all that is needed.
/// Here a failure is returned as a value.
/// </summary>
internal sealed partial class UserInfoDocument(OidcProviderClient provider, ILogger<UserInfoDocument> logger)
{
    private const int MaxReason = 200;

    /// <summary>The user's claims from the endpoint. Empty and without a failure if the provider has no such endpoint.</summary>
    /// <exception cref="SecurityTokenException">The response is about another user.</exception>
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
                return Failed($"it answered {type ?? "no type"} instead of JSON");
            }
            return document.TryGetProperty("sub", out var sub) && sub.ValueKind == JsonValueKind.String && sub.GetString() == subject
                ? new UserInfo(document, null)
                : throw new SecurityTokenException("The userinfo endpoint returned another user than the id token.");
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

    [LoggerMessage(LogLevel.Warning, "The provider's userinfo endpoint failed: {Reason}. Only the claims of the id token are used")]
    private partial void LogFailed(string reason);
}

/// <summary>The userinfo response, or why it could not be read.</summary>
internal sealed record UserInfo(JsonElement? Document, string? Failure);
