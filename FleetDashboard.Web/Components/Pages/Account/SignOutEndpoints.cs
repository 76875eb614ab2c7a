using FleetDashboard.Web.Auth;
using FleetDashboard.Web.Auth.Oidc;
using FleetDashboard.Web.Auth.Sessions;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace FleetDashboard.Web.Components.Pages.Account;

/// <summary>
/// Signing out changes state, so it is a POST with an antiforgery token. It ends the session here, then the one at the provider.
/// </summary>
internal static class SignOutEndpoints
{
    public static void MapSignOut(this WebApplication app)
    {
        var local = app.Services.GetRequiredService<SignInMethod>().IsLocal;
        app.MapPost(AccountRoutes.SignOut, local ? SignOutAsync : SignOutAtProviderAsync).RequireAuthorization(Policies.SignedIn);
        if (!local)
        {
            app.MapProvider();
        }
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Expired();
        }
        await context.SignOutAsync(IdentityConstants.ApplicationScheme);
        return TypedResults.LocalRedirect(context.Request.PathBase + AccountRoutes.SignIn);
    }

    private static async Task<IResult> SignOutAtProviderAsync(
        HttpContext context,
        IAntiforgery antiforgery,
        SessionCheck check,
        OidcProviderClient provider
    )
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Expired();
        }
        var session = await check.FindAsync(context.User, recent: true, context.RequestAborted);
        await context.SignOutAsync(IdentityConstants.ApplicationScheme);
        SignedOutCookie.Set(context);
        var returnTo = $"{context.Request.Scheme}://{context.Request.Host}{context.Request.PathBase}{AccountRoutes.SignedOut}";

        // Shown as a page, not a redirect: the Content-Security-Policy allows forms to lead only to this site, and browsers apply it to
        // redirects.
        return await provider.EndSessionAddressAsync(session?.IdToken, returnTo, context.RequestAborted) is { } address
            ? new RazorComponentResult<LeavingPage>(new { Address = address, PathBase = context.Request.PathBase.Value ?? "" })
            : TypedResults.LocalRedirect(context.Request.PathBase + AccountRoutes.SignedOut);
    }

    private static ProblemHttpResult Expired() =>
        TypedResults.Problem("The form has expired. Reload the page and sign out again.", statusCode: StatusCodes.Status400BadRequest);
}
