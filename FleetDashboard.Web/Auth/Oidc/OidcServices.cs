using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace FleetDashboard.Web.Auth.Oidc;

/// <summary>Registers sign-in at an OpenID Connect provider: code flow with PKCE.</summary>
internal static class OidcServices
{
    // Limit for metadata, keys, tokens and userinfo. The keys of a large provider are about 20 KB.
    private const int MaxDocumentBytes = 256 * 1024;

    public static void AddProvider(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<OidcOptions>, OidcOptionsValidator>();
        services.AddSingleton<IPostConfigureOptions<OidcOptions>, RoleLists>();
        services.AddOptions<OidcOptions>().BindConfiguration(OidcOptions.SectionName).ValidateOnStart();
        services.AddSingleton<RoleMapping>();
        services.AddSingleton<OidcProviderClient>();
        services.AddSingleton<LogoutTokens>();
        services.AddSingleton<RecentProviderLogouts>();
        services.AddSingleton<FreshSignIn>();
        services.AddSingleton<OidcEvents>();
        services.AddSingleton<UserInfoDocument>();
        services.AddSingleton(provider => new ClientAuthentication(
            provider.GetRequiredService<IOptions<OidcOptions>>(),
            new Lazy<OidcProviderClient>(provider.GetRequiredService<OidcProviderClient>)
        ));
        services.AddAuthentication().AddOpenIdConnect(OidcProviderClient.Scheme, _ => { });
        services
            .AddOptions<OpenIdConnectOptions>(OidcProviderClient.Scheme)
            .Configure<IOptions<OidcOptions>, ClientAuthentication>(
                (oidc, ours, handler) =>
                {
                    Configure(oidc, ours.Value);
                    oidc.Backchannel = new HttpClient(handler)
                    {
                        Timeout = OidcProviderClient.Deadline,
                        MaxResponseContentBufferSize = MaxDocumentBytes,
                    };
                }
            );
    }

    private static void Configure(OpenIdConnectOptions oidc, OidcOptions ours)
    {
        oidc.Authority = ours.Authority;
        oidc.ClientId = ours.ClientId;
        oidc.ClientSecret = ours.ClientSecret.Length == 0 ? null : ours.ClientSecret;
        oidc.RequireHttpsMetadata = ours.NeedsHttps;
        oidc.SignInScheme = IdentityConstants.ApplicationScheme;
        oidc.EventsType = typeof(OidcEvents);

        // A redirect with a query and Lax cookies also works over plain http. The defaults (a posted form, SameSite=None) do not.
        oidc.ResponseType = OpenIdConnectResponseType.Code;
        oidc.ResponseMode = OpenIdConnectResponseMode.Query;
        oidc.UsePkce = true;
        oidc.CorrelationCookie.SameSite = oidc.NonceCookie.SameSite = SameSiteMode.Lax;
        oidc.CorrelationCookie.SecurePolicy = oidc.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        oidc.PushedAuthorizationBehavior = ours.PushedAuthorization
            ? PushedAuthorizationBehavior.UseIfAvailable
            : PushedAuthorizationBehavior.Disable;

        oidc.MapInboundClaims = false;
        oidc.SaveTokens = false;
        oidc.GetClaimsFromUserInfoEndpoint = false; // UserInfoDocument requests it
        oidc.ClaimActions.Clear(); // OidcEvents reads the documents themselves
        oidc.Scope.Clear();
        foreach (var scope in ours.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Prepend("openid").Distinct())
        {
            oidc.Scope.Add(scope);
        }

        // SignOutEndpoints handles signing out. The handler's own routes would let any other page sign a user out.
        oidc.RemoteSignOutPath = PathString.Empty;
        oidc.SignedOutCallbackPath = PathString.Empty;
    }
}
