using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>Why a sign-in at the provider failed, in our own sentences. Text from the provider or the address is never shown.</summary>
internal sealed record SignInFailure(string Code, string Sentence)
{
    public const string Query = "reason";

    public static SignInFailure Denied { get; } = new("denied", "The sign-in was cancelled, or the provider does not allow this account.");

    public static SignInFailure Unreachable { get; } =
        new("unreachable", "The sign-in provider does not answer. Try again in a moment. If it keeps failing, contact its administrator.");

    public static SignInFailure Expired { get; } =
        new("expired", "This sign-in took too long, was already used, or was started in another browser. Sign in again.");

    public static SignInFailure Untrusted { get; } =
        new("untrusted", "The provider's response is not valid. The log of the web app shows the reason.");

    public static SignInFailure NotAsked { get; } =
        new(
            "not-asked",
            "You had signed out, and the provider signed you in again without asking for credentials. Sign out there first, "
                + "or ask its administrator to enable prompt=login."
        );

    public static SignInFailure NoUserInfo { get; } =
        new(
            "userinfo",
            "The provider's userinfo endpoint failed, and its id token gives you no role here. Ask the provider's administrator "
                + "to repair the endpoint, or to put the role claim into the id token."
        );

    public static SignInFailure Other { get; } =
        new("other", "The provider rejected the sign-in. The log of the web app shows the reason.");

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
            // The state is missing, belongs to another browser or was already used, so its cookie is gone.
            AuthenticationFailureException => Expired,
            _ => Other,
        };
}
