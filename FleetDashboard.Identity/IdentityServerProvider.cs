using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Stores;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Identity;

/// <summary>Configures Duende IdentityServer: no paid features, and nothing that the dashboard does not use.</summary>
internal static class IdentityServerProvider
{
    public const string ClientId = "fleet-dashboard";

    /// <summary>The scope and the claim that contain the role.</summary>
    public const string RolesScope = "roles";
    public const string RoleClaim = "role";

    public static void AddProvider(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddIdentityServer(Configure)
            .AddInMemoryIdentityResources([
                new IdentityResources.OpenId(),
                new IdentityResources.Profile(),
                new IdentityResource(RolesScope, [RoleClaim]),
            ])
            .AddClientStore<OneClient>()
            .AddDeveloperSigningCredential(filename: Path.Combine(builder.DataPath(), "signing.jwk"))
            .AddAspNetIdentity<Microsoft.AspNetCore.Identity.IdentityUser>();

        // Must run after AddAspNetIdentity, which sets SameSite=None for iframes that nothing here opens. Browsers drop such a cookie
        // without Secure, and this provider uses plain http.
        builder.Services.ConfigureApplicationCookie(cookie =>
            (cookie.Cookie.Name, cookie.Cookie.SameSite) = ("fleet-identity", SameSiteMode.Lax)
        );
    }

    private static void Configure(IdentityServerOptions options)
    {
        options.UserInteraction.LoginUrl = "/sign-in";
        options.UserInteraction.LoginReturnUrlParameter = "returnUrl";
        options.UserInteraction.LogoutUrl = "/sign-out";
        options.UserInteraction.LogoutIdParameter = "logoutId";
        options.UserInteraction.ErrorUrl = "/error";
        options.UserInteraction.ErrorIdParameter = "errorId";
        options.Authentication.CheckSessionCookieSameSiteMode = SameSiteMode.Lax;

        options.KeyManagement.Enabled = false; // a paid feature, and it writes ./keys
        options.Endpoints.EnablePushedAuthorizationEndpoint = false;
        options.Endpoints.EnableBackchannelAuthenticationEndpoint = false;
        options.Endpoints.EnableDeviceAuthorizationEndpoint = false;
        options.Endpoints.EnableCheckSessionEndpoint = false;
        options.Endpoints.EnableIntrospectionEndpoint = false;
        options.Endpoints.EnableTokenRevocationEndpoint = false;
    }
}

/// <summary>
/// The dashboard as the only client. Its address is a setting, so it is read when a browser arrives, not while services are registered.
/// </summary>
internal sealed class OneClient(IOptions<ProviderOptions> options) : IClientStore
{
    public Task<Client?> FindClientByIdAsync(string clientId) =>
        Task.FromResult(clientId == IdentityServerProvider.ClientId ? Dashboard(options.Value) : null);

    private static Client Dashboard(ProviderOptions ours)
    {
        var page = ours.DashboardUrl.TrimEnd('/');
        return new Client
        {
            ClientId = IdentityServerProvider.ClientId,
            ClientName = "Fleet Dashboard",
            ClientSecrets = { new Secret(ours.ClientSecret.Sha256()) },
            AllowedGrantTypes = GrantTypes.Code,
            RequirePkce = true,
            AllowedScopes = { "openid", "profile", IdentityServerProvider.RolesScope },
            RedirectUris = { $"{page}/signin-oidc" },
            PostLogoutRedirectUris = { $"{page}/signed-out" },
            BackChannelLogoutUri = $"{page}/sign-out/back-channel",
            BackChannelLogoutSessionRequired = true,
        };
    }
}
