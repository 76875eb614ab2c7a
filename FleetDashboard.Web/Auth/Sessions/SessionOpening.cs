namespace FleetDashboard.Web.Auth.Sessions;

/// <summary>Who signs in, from where, and what an external provider told of it; nothing for a local account.</summary>
internal sealed record SessionOpening(string UserId, string UserName, string? Address, string? Browser, ProviderSession? Provider);

/// <summary>The provider's half of a session.</summary>
internal sealed record ProviderSession(string Issuer, string? Session, string? ProtectedIdToken, DateTimeOffset Expires)
{
    /// <summary>Where it lies while a sign-in is under way: in the properties' parameters, which never reach the cookie.</summary>
    public const string Parameter = "fleet-provider-session";
}
