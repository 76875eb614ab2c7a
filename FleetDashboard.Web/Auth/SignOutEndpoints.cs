using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;

namespace FleetDashboard.Web.Auth;

/// <summary>Signing out changes something, so it is a POST with a token.</summary>
internal static class SignOutEndpoints
{
    public static void MapSignOut(this IEndpointRouteBuilder routes) =>
        routes.MapPost(AccountRoutes.SignOut, SignOutAsync).RequireAuthorization(Policies.SignedIn);

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery, SignInManager<IdentityUser> manager)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return TypedResults.Problem("The form has expired. Reload the page and sign out again.", statusCode: StatusCodes.Status400BadRequest);
        }
        await manager.SignOutAsync();
        return TypedResults.LocalRedirect(AccountRoutes.SignIn);
    }
}
