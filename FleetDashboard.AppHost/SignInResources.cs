namespace FleetDashboard.AppHost;

/// <summary>
/// Sign-in on the developer's machine: at FleetDashboard.Identity, like a deployment with a provider, or with <c>SignIn=local</c> through
/// Web's own accounts. Identity is never published: its licence restricts redistribution, and production has its own provider or none.
/// </summary>
internal static class SignInResources
{
    private const string Setting = "SignIn";
    private const string Local = "local";

    public static void AddSignIn(this IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> web)
    {
        var password = builder.AddPassword(
            "admin-password",
            "The password of the first operator, admin. Read only while this account does not exist."
        );
        if (builder.Configuration[Setting] == Local)
        {
            web.WithEnvironment("Accounts__AdminPassword", password);
            return;
        }

        var secret = builder.AddGeneratedSecret("oidc-client-secret", "The dashboard's client secret at its sign-in provider.");
        var identity = builder
            .AddProject<Projects.FleetDashboard_Identity>("identity")
            .WithEnvironment("Identity__DashboardUrl", web.GetEndpoint("http"))
            .WithEnvironment("Identity__ClientSecret", secret)
            .WithEnvironment("Identity__AdminPassword", password)
            .WithEnvironment(
                "Identity__ViewerPassword",
                builder.AddPassword(
                    "viewer-password",
                    "The password of the account viewer, with the role viewer. " + "Read only while this account does not exist."
                )
            )
            .WithEnvironment("Identity__DataPath", builder.DataPath("identity"))
            .WithHttpHealthCheck("/health")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Sign-in provider");
        web.WithEnvironment("Auth__Oidc__Authority", identity.GetEndpoint("http"))
            .WithEnvironment("Auth__Oidc__ClientId", "fleet-dashboard")
            .WithEnvironment("Auth__Oidc__ClientSecret", secret)
            .WithEnvironment("Auth__Oidc__Scopes", "openid profile roles")
            .WithEnvironment("Auth__Oidc__RoleClaim", "role")
            .WithEnvironment("Auth__Oidc__RoleMap__operator", "operator")
            .WithEnvironment("Auth__Oidc__RoleMap__viewer", "viewer")
            .WaitFor(identity);
    }

    private static IResourceBuilder<ParameterResource> AddPassword(
        this IDistributedApplicationBuilder builder,
        string name,
        string description
    ) =>
        builder
            .AddParameter(name, new GenerateParameterDefault { MinLength = 20, Special = false }, secret: true, persist: true)
            .WithDescription(description);
}
