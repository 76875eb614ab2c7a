using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Authorization;

namespace FleetDashboard.Web.Auth;

/// <summary>The authorization policies. The fallback requires a role, so a page without a policy of its own is closed, not open.</summary>
internal static class Policies
{
    /// <summary>Signed in, with or without a role. Used by the page that says that a role is missing.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>May change things. Used by the users page.</summary>
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
