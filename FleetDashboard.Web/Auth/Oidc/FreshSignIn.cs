using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>A sign-in for which the provider is to ask whoever sits there, whatever session it still has with that browser.</summary>
internal sealed class FreshSignIn(IOptions<OidcOptions> options, TimeProvider time)
{
    private const string Since = "fleet-fresh-since";

    // Makes the provider tell when it asked. Not nought: after asking, some would find that a second has passed and ask again, for ever.
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    public AuthenticationProperties Challenge(string target)
    {
        var properties = new OpenIdConnectChallengeProperties { RedirectUri = target, Prompt = options.Value.PromptAfterSignOut };
        if (options.Value.PromptAfterSignOut == OidcOptions.PromptLogin)
        {
            properties.MaxAge = MaxAge;
        }
        // comes back in the state, which nobody can forge
        properties.Items[Since] = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        return properties;
    }

    /// <summary>Whether this sign-in was asked for as a fresh one.</summary>
    public static bool WasAsked(AuthenticationProperties properties) => properties.Items.ContainsKey(Since);

    /// <summary>
    /// Whether the provider asked, as far as it tells: who was authenticated longer before the token was made than this sign-in took was
    /// not. Both
    /// spans lie on one clock each, so the two clocks may differ.
    /// </summary>
    public bool WasHonoured(AuthenticationProperties properties, JsonElement idToken)
    {
        if (
            options.Value.PromptAfterSignOut != OidcOptions.PromptLogin
            || Seconds(idToken, JwtRegisteredClaimNames.AuthTime) is not { } authenticated
            || Seconds(idToken, JwtRegisteredClaimNames.Iat) is not { } issued
        )
        {
            return true;
        }
        var begun = DateTimeOffset.Parse(properties.Items[Since]!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        return TimeSpan.FromSeconds(issued - authenticated) <= time.GetUtcNow() - begun + Slack;
    }

    private static double? Seconds(JsonElement token, string claim) =>
        token.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
