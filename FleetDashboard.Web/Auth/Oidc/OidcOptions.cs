namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>
/// The OpenID Connect provider that vouches for users, and what its claims mean here. Where it is set there are no local accounts.
/// </summary>
internal sealed class OidcOptions
{
    public const string SectionName = "Auth:Oidc";

    /// <summary>OpenID Connect's own word for "ask, whatever session there is".</summary>
    public const string PromptLogin = "login";

    public const string AutoAuthentication = "auto";
    public const string BasicAuthentication = "basic";
    public const string PostAuthentication = "post";

    /// <summary>The provider's issuer: what stands before <c>/.well-known/openid-configuration</c>.</summary>
    public string Authority { get; set; } = "";

    public string ClientId { get; set; } = "";

    public string ClientSecret { get; set; } = "";

    /// <summary>Separated by spaces; <c>openid</c> is added where it is missing.</summary>
    public string Scopes
    {
        get => string.IsNullOrWhiteSpace(field) ? "openid profile" : field;
        set;
    } = "";

    /// <summary>The claim that tells roles: its name, or a path into it (<c>realm_access.roles</c>).</summary>
    public string RoleClaim { get; set; } = "";

    /// <summary>The role of whom no value maps to one. Empty: none.</summary>
    public string DefaultRole { get; set; } = "";

    /// <summary>How long a sign-in counts before the provider is asked again, which its own session answers without a question.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// What the provider is asked for (<c>prompt</c>) in the first sign-in after a sign-out, so that its own session does not undo it.
    /// </summary>
    public string PromptAfterSignOut
    {
        get => string.IsNullOrWhiteSpace(field) ? PromptLogin : field;
        set;
    } = "";

    /// <summary>Unset: https, except for a provider on this very host.</summary>
    public bool? RequireHttpsMetadata { get; set; }

    /// <summary>Sends the request to the provider behind the browser's back (PAR), where it offers that.</summary>
    public bool PushedAuthorization { get; set; }

    /// <summary>
    /// For a provider that never says <c>email_verified</c> and lets no user choose an address. At others anybody can claim an address that
    /// makes an operator.
    /// </summary>
    public bool TrustEmail { get; set; }

    /// <summary>
    /// For a provider that writes the list of roles as a text that holds JSON. At others a group may be called like that.
    /// </summary>
    public bool RoleClaimIsJson { get; set; }

    /// <summary>
    /// How this page proves itself at the token endpoint: <c>auto</c> by the provider's description, else <c>basic</c> or <c>post</c>.
    /// </summary>
    public string ClientAuthentication
    {
        get => string.IsNullOrWhiteSpace(field) ? AutoAuthentication : field;
        set;
    } = "";

    /// <summary>What makes a role, by role: see <see cref="RoleLists"/>.</summary>
    internal IReadOnlyDictionary<string, IReadOnlySet<string>> RoleMap { get; set; } = new Dictionary<string, IReadOnlySet<string>>();

    /// <summary>
    /// What goes over plain http can be read and replaced on its way, keys and codes included; what never leaves the host cannot.
    /// </summary>
    public bool NeedsHttps => RequireHttpsMetadata ?? !(Uri.TryCreate(Authority, UriKind.Absolute, out var uri) && uri.IsLoopback);

    /// <summary>
    /// Whether anything of the section is set: half a provider is a mistake to be told, not a reason to fall back to passwords.
    /// </summary>
    public static bool IsWanted(IConfiguration configuration) =>
        configuration.GetSection(SectionName).AsEnumerable().Any(setting => !string.IsNullOrWhiteSpace(setting.Value));
}
