using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Stores;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Identity;

/// <summary>Duende IdentityServer with nothing on that is paid for, and nothing that the dashboard does not use.</summary>
internal static class IdentityServerProvider
{
    public const string ClientId = "fleet-dashboard";

    /// <summary>The scope and the claim that tell the role.</summary>
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

        // After AddAspNetIdentity, which makes it SameSite=None for frames that nobody opens here: without Secure browsers drop such a
        // cookie, and this is plain http.
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

        options.KeyManagement.Enabled = false; // paid for, and writes ./keys
        options.Endpoints.EnablePushedAuthorizationEndpoint = false;
        options.Endpoints.EnableBackchannelAuthenticationEndpoint = false;
        options.Endpoints.EnableDeviceAuthorizationEndpoint = false;
        options.Endpoints.EnableCheckSessionEndpoint = false;
        options.Endpoints.EnableIntrospectionEndpoint = false;
        options.Endpoints.EnableTokenRevocationEndpoint = false;
    }
}

/// <summary>The dashboard; its address is a setting, so it is asked for when somebody comes and not while services are composed.</summary>
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
