using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Authorization;

namespace FleetDashboard.Web.Auth;

/// <summary>Who gets in: the fallback asks for a role, so what forgets to say who may see it is closed, not open.</summary>
internal static class Policies
{
    /// <summary>Signed in, with or without a role: for the page that says that a role is missing.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>May change things: for the page of users.</summary>
    public const string Operator = "operator";

    public static AuthorizationPolicy Viewer { get; } =
        new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireRole(Roles.Viewer, Roles.Operator).Build();

    public static void Configure(AuthorizationOptions options)
    {
        options.DefaultPolicy = Viewer;
        options.FallbackPolicy = Viewer;
        options.AddPolicy(SignedIn, policy => policy.RequireAuthenticatedUser());
        options.AddPolicy(Operator, policy => policy.RequireAuthenticatedUser().RequireRole(Roles.Operator));
    }
}
