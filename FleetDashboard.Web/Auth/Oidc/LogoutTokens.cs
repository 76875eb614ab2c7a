using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>Reads what a provider sends when somebody has signed out there (OpenID Connect Back-Channel Logout 1.0, 2.6).</summary>
internal sealed class LogoutTokens(OidcProviderClient provider, IOptions<OidcOptions> options, TimeProvider time)
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";
    private const int MaxId = 255;
    private const int MaxRemembered = 10_000;
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly Dictionary<string, DateTimeOffset> _used = [];

    public async Task<LogoutToken> ReadAsync(string text, CancellationToken cancellationToken)
    {
        if (await provider.DescribeAsync(cancellationToken) is not { } description)
        {
            return new LogoutToken.Refused("the provider's keys cannot be fetched");
        }
        var result = await _handler.ValidateTokenAsync(
            text,
            new TokenValidationParameters
            {
                ConfigurationManager = provider.Description, // fetched again when a key is unknown
                ValidIssuer = description.Issuer,
                ValidAudience = options.Value.ClientId,
                RequireExpirationTime = false, // younger versions of the specification have it
                ClockSkew = Skew,
            }
        );
        if (!result.IsValid)
        {
            return new LogoutToken.Refused($"the token is not valid: {result.Exception.GetType().Name}");
        }
        return Judge((JsonWebToken)result.SecurityToken);
    }

    private LogoutToken Judge(JsonWebToken token)
    {
        var (subject, session) = (Text(token, JwtRegisteredClaimNames.Sub), Text(token, JwtRegisteredClaimNames.Sid));
        var age = time.GetUtcNow() - new DateTimeOffset(token.IssuedAt, TimeSpan.Zero);
        var why =
            !NamesTheEvent(token) ? "events does not name a back-channel logout"
            : token.TryGetPayloadValue<object>(JwtRegisteredClaimNames.Nonce, out _) ? "a nonce has no place here"
            : subject is null && session is null ? "neither sub nor sid"
            : subject is { Length: > MaxId } || session is { Length: > MaxId } || token.Id is { Length: > MaxId }
                ? $"sub, sid or jti has more than {MaxId} characters"
            : age > MaxAge || age < -Skew ? "iat is too old or lies ahead"
            : string.IsNullOrEmpty(token.Id) || !IsFirst(token.Id) ? "jti is missing or was used before"
            : null;
        return why is null ? new LogoutToken.Valid(subject, session) : new LogoutToken.Refused(why);
    }

    private static bool NamesTheEvent(JsonWebToken token) =>
        token.TryGetPayloadValue<JsonElement>("events", out var events)
        && events.ValueKind == JsonValueKind.Object
        && events.TryGetProperty(Event, out _);

    // Only what the provider has signed gets here, so whoever fills this is the provider itself.
    private bool IsFirst(string id)
    {
        var now = time.GetUtcNow();
        lock (_used)
        {
            if (_used.Count >= MaxRemembered)
            {
                foreach (var (old, _) in _used.Where(entry => entry.Value < now).ToList())
                {
                    _used.Remove(old);
                }
            }
            return _used.Count < MaxRemembered && _used.TryAdd(id, now + MaxAge + Skew);
        }
    }

    private static string? Text(JsonWebToken token, string claim) =>
        token.TryGetPayloadValue<string>(claim, out var value) && value.Length > 0 ? value : null;
}

/// <summary>What a logout token comes to.</summary>
internal abstract record LogoutToken
{
    private LogoutToken() { }

    /// <summary>Whose sessions end: all of a user's, or the one that the provider names. One of the two is there.</summary>
    public sealed record Valid(string? Subject, string? Session) : LogoutToken;

    /// <summary>None, and why.</summary>
    public sealed record Refused(string Reason) : LogoutToken;
}
