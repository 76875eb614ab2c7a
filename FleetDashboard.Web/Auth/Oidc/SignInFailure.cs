using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>Why a sign-in at the provider came to nothing, in our words: what the provider or an address says is never shown.</summary>
internal sealed record SignInFailure(string Code, string Sentence)
{
    public const string Query = "reason";

    public static SignInFailure Denied { get; } =
        new("denied", "The sign-in was called off, or the provider does not let this account in.");

    public static SignInFailure Unreachable { get; } =
        new("unreachable", "The sign-in provider does not answer. Try again in a moment; if it lasts, whoever runs it can help.");

    public static SignInFailure Expired { get; } =
        new("expired", "This sign-in took too long, was answered already or was begun in another browser.");

    public static SignInFailure Untrusted { get; } =
        new("untrusted", "What the provider sent cannot be trusted. The log of the web app says why.");

    public static SignInFailure NotAsked { get; } =
        new(
            "not-asked",
            "You had signed out, and the provider signed you in again without asking. Sign out there first; or whoever runs it makes it heed prompt=login."
        );

    public static SignInFailure NoUserInfo { get; } =
        new(
            "userinfo",
            "The provider's userinfo endpoint cannot be used, and its id token gives you no role here. Whoever runs the provider can mend the endpoint, or put the role claim into the id token."
        );

    public static SignInFailure Other { get; } = new("other", "The provider refused the sign-in. The log of the web app says why.");

    private static SignInFailure[] All { get; } = [Denied, Unreachable, Expired, Untrusted, NotAsked, NoUserInfo, Other];

    public string Address => $"{AccountRoutes.SignInFailed}?{Query}={Code}";

    public static SignInFailure From(string? code) => All.FirstOrDefault(failure => failure.Code == code) ?? Other;

    public static SignInFailure From(Exception? failure) =>
        failure switch
        {
            null => Other,
            HttpRequestException or OperationCanceledException or IOException => Unreachable,
            SecurityTokenException or OpenIdConnectProtocolInvalidNonceException => Untrusted,
            OpenIdConnectProtocolException { Message: var message } => message.Contains("invalid_grant", StringComparison.Ordinal)
                ? Expired
                : Other,
            AuthenticationFailureException { InnerException: { } inner } => From(inner),
            // no state, another's, or one that has been used: the cookie that went with it is gone
            AuthenticationFailureException => Expired,
            _ => Other,
        };
}
