using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace FleetDashboard.Web.Auth.Passkeys;

/// <summary>
/// What <c>passkeys.js</c> requests before it calls the browser's passkey API. The results go through the pages' own forms.
/// </summary>
internal static class PasskeyEndpoints
{
    public const string Creation = "/passkeys/creation";
    public const string Request = "/passkeys/request";

    public static void AddPasskeys(this IServiceCollection services)
    {
        services.Configure<IdentityPasskeyOptions>(options =>
        {
            // A passkey replaces name and password. It must be found without a user name, and the device must verify its user.
            options.ResidentKeyRequirement = "required";
            options.UserVerificationRequirement = "required";
        });
        services.AddScoped<OwnPasskeys>();
        services.AddScoped<PasskeySignIn>();
    }

    public static void MapPasskeys(this IEndpointRouteBuilder routes)
    {
        var onlyLocal = new OnlyForAttribute(localAccounts: true);
        routes.MapPost(Creation, CreationAsync).RequireAuthorization().WithMetadata(onlyLocal);
        routes.MapPost(Request, RequestAsync).AllowAnonymous().WithMetadata(onlyLocal);
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> CreationAsync(
        HttpContext context,
        IAntiforgery antiforgery,
        OwnPasskeys passkeys
    )
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Expired();
        }
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var options = await passkeys.BeginAsync(AccountActor.From(context, form["Present"]), context.RequestAborted);
        return options.Json is { } json ? Json(context, json) : Refuse(options.Problem!);
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> RequestAsync(
        HttpContext context,
        IAntiforgery antiforgery,
        SignInManager<IdentityUser> manager
    ) => await antiforgery.IsRequestValidAsync(context) ? Json(context, await manager.MakePasskeyRequestOptionsAsync(null)) : Expired();

    private static ContentHttpResult Json(HttpContext context, string json)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Content(json, "application/json");
    }

    private static ProblemHttpResult Refuse(string problem) => TypedResults.Problem(problem, statusCode: StatusCodes.Status400BadRequest);

    private static ProblemHttpResult Expired() => Refuse("The form has expired. Reload the page and try again.");
}
