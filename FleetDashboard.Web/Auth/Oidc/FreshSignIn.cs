using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>A sign-in for which the provider must ask for credentials again, even if it still has a session with that browser.</summary>
internal sealed class FreshSignIn(IOptions<OidcOptions> options, TimeProvider time)
{
    private const string Since = "fleet-fresh-since";

    // Makes the provider send auth_time. Not 0: some providers then find, after the prompt, that a second has passed and prompt again,
    // forever.
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    public AuthenticationProperties Challenge(string target)
    {
        var properties = new OpenIdConnectChallengeProperties { RedirectUri = target, Prompt = options.Value.PromptAfterSignOut };
        if (options.Value.PromptAfterSignOut == OidcOptions.PromptLogin)
        {
            properties.MaxAge = MaxAge;
        }
        // returned in the state parameter, which is protected against forgery
        properties.Items[Since] = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        return properties;
    }

    /// <summary>Whether this sign-in was requested as a fresh one.</summary>
    public static bool WasRequested(AuthenticationProperties properties) => properties.Items.ContainsKey(Since);

    /// <summary>
    /// Whether the provider asked for credentials again, judged by auth_time. It did not if the user was authenticated longer before the
    /// token was issued than this sign-in took. Each span is measured on one clock, so the two clocks may differ.
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
