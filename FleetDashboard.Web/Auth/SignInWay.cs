namespace FleetDashboard.Web.Auth;

/// <summary>
/// How one signs in here: with a local account, or at one provider. Never both, so that neither is a way around the other.
/// </summary>
/// <param name="Issuer">The provider's address as configured; null for local accounts.</param>
internal sealed record SignInWay(string? Issuer)
{
    public bool IsLocal => Issuer is null;
}
