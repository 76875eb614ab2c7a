namespace FleetDashboard.Web.Auth;

/// <summary>The sign-in method: local accounts, or one OpenID Connect provider. Never both, so that one cannot bypass the other.</summary>
/// <param name="Issuer">The configured address of the provider. Null for local accounts.</param>
internal sealed record SignInMethod(string? Issuer)
{
    public bool IsLocal => Issuer is null;
}
