namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>The OpenID Connect provider and how its claims map to roles. If any of these settings is set, local accounts are off.</summary>
internal sealed class OidcOptions
{
    public const string SectionName = "Auth:Oidc";

    /// <summary>The OpenID Connect value for "ask for credentials even if a session exists".</summary>
    public const string PromptLogin = "login";

    public const string AutoAuthentication = "auto";
    public const string BasicAuthentication = "basic";
    public const string PostAuthentication = "post";

    /// <summary>The provider's issuer: the part of the address before <c>/.well-known/openid-configuration</c>.</summary>
    public string Authority { get; set; } = "";

    public string ClientId { get; set; } = "";

    public string ClientSecret { get; set; } = "";

    /// <summary>Separated by spaces. <c>openid</c> is added if it is missing.</summary>
    public string Scopes
    {
        get => string.IsNullOrWhiteSpace(field) ? "openid profile" : field;
        set;
    } = "";

    /// <summary>The claim that contains the roles: its name, or a path into it (<c>realm_access.roles</c>).</summary>
    public string RoleClaim { get; set; } = "";

    /// <summary>The role of a user whose claim maps to no role. Empty: no role.</summary>
    public string DefaultRole { get; set; } = "";

    /// <summary>
    /// How long a sign-in lasts before the provider is asked again. The provider's own session usually answers without a prompt.
    /// </summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// The <c>prompt</c> value of the first sign-in after a sign-out, so that the provider's session does not undo the sign-out.
    /// </summary>
    public string PromptAfterSignOut
    {
        get => string.IsNullOrWhiteSpace(field) ? PromptLogin : field;
        set;
    } = "";

    /// <summary>If unset, https is required except for a provider on loopback.</summary>
    public bool? RequireHttpsMetadata { get; set; }

    /// <summary>Sends the request to the provider directly instead of through the browser (PAR), if the provider supports it.</summary>
    public bool PushedAuthorization { get; set; }

    /// <summary>
    /// Only for a provider that never sends <c>email_verified</c> and lets no user choose an address. With other providers, any user could
    /// claim the address of an operator.
    /// </summary>
    public bool TrustEmail { get; set; }

    /// <summary>
    /// For a provider that writes the list of roles as a string of JSON. With other providers, a group name could look like JSON.
    /// </summary>
    public bool RoleClaimIsJson { get; set; }

    /// <summary>
    /// How the dashboard authenticates at the token endpoint: <c>auto</c> uses the provider's metadata; or <c>basic</c> or <c>post</c>.
    /// </summary>
    public string ClientAuthentication
    {
        get => string.IsNullOrWhiteSpace(field) ? AutoAuthentication : field;
        set;
    } = "";

    /// <summary>The claim values that give each role. See <see cref="RoleLists"/>.</summary>
    internal IReadOnlyDictionary<string, IReadOnlySet<string>> RoleMap { get; set; } = new Dictionary<string, IReadOnlySet<string>>();

    /// <summary>
    /// Plain http can be read and changed on the way, including keys and codes. Traffic that never leaves the host cannot.
    /// </summary>
    public bool NeedsHttps => RequireHttpsMetadata ?? !(Uri.TryCreate(Authority, UriKind.Absolute, out var uri) && uri.IsLoopback);

    /// <summary>
    /// Whether any setting of the section is set. A half-configured provider must stop the start, not fall back to passwords.
    /// </summary>
    public static bool IsWanted(IConfiguration configuration) =>
        configuration.GetSection(SectionName).AsEnumerable().Any(setting => !string.IsNullOrWhiteSpace(setting.Value));
}
