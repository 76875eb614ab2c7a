using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>Validates the token that a provider sends when a user signs out there (OpenID Connect Back-Channel Logout 1.0, 2.6).</summary>
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
            return new LogoutToken.Rejected("the provider's keys could not be fetched");
        }
        var result = await _handler.ValidateTokenAsync(
            text,
            new TokenValidationParameters
            {
                ConfigurationManager = provider.Description, // fetched again if the key is not found
                ValidIssuer = description.Issuer,
                ValidAudience = options.Value.ClientId,
                RequireExpirationTime = false, // only newer versions of the specification require it
                ClockSkew = Skew,
            }
        );
        if (!result.IsValid)
        {
            return new LogoutToken.Rejected($"the token is not valid: {result.Exception.GetType().Name}");
        }
        return Judge((JsonWebToken)result.SecurityToken);
    }

    private LogoutToken Judge(JsonWebToken token)
    {
        var (subject, session) = (Text(token, JwtRegisteredClaimNames.Sub), Text(token, JwtRegisteredClaimNames.Sid));
        var age = time.GetUtcNow() - new DateTimeOffset(token.IssuedAt, TimeSpan.Zero);
        var why =
            !NamesTheEvent(token) ? "events does not name a back-channel logout"
            : token.TryGetPayloadValue<object>(JwtRegisteredClaimNames.Nonce, out _) ? "a logout token must not contain a nonce"
            : subject is null && session is null ? "it has neither sub nor sid"
            : subject is { Length: > MaxId } || session is { Length: > MaxId } || token.Id is { Length: > MaxId }
                ? $"sub, sid or jti has more than {MaxId} characters"
            : age > MaxAge || age < -Skew ? "iat is too old or in the future"
            : string.IsNullOrEmpty(token.Id) || !IsFirst(token.Id) ? "jti is missing or was already used"
            : null;
        return why is null ? new LogoutToken.Valid(subject, session) : new LogoutToken.Rejected(why);
    }

    private static bool NamesTheEvent(JsonWebToken token) =>
        token.TryGetPayloadValue<JsonElement>("events", out var events)
        && events.ValueKind == JsonValueKind.Object
        && events.TryGetProperty(Event, out _);

    // Only tokens signed by the provider get here, so only the provider could fill this memory.
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

/// <summary>The result of validating a logout token.</summary>
internal abstract record LogoutToken
{
    private LogoutToken() { }

    /// <summary>Whose sessions end: all sessions of a user, or the one that the provider names. At least one of the two is set.</summary>
    public sealed record Valid(string? Subject, string? Session) : LogoutToken;

    /// <summary>The token was rejected, and why.</summary>
    public sealed record Rejected(string Reason) : LogoutToken;
}
