namespace FleetDashboard.Web.Auth.Sessions;

/// <summary>Who signs in, from where, and the provider's data about it. The latter is null for a local account.</summary>
internal sealed record SessionOpening(string UserId, string UserName, string? Address, string? Browser, ProviderSession? Provider);

/// <summary>The provider's data of a session.</summary>
internal sealed record ProviderSession(string Issuer, string? Session, string? ProtectedIdToken, DateTimeOffset Expires)
{
    /// <summary>
    /// Where the data is kept while a sign-in is under method: in the properties' parameters, which are never written to the cookie.
    /// </summary>
    public const string Parameter = "fleet-provider-session";
}
