using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Auth;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Api;

/// <summary>Metadata of a route that acts.</summary>
/// <param name="Fixed">The action that the route runs; null where the path names it.</param>
/// <param name="ForEveryRole">True where viewers may use it too.</param>
internal sealed record ActionRoute(string? Fixed, bool ForEveryRole = false)
{
    public const string Cancel = "cancel";

    /// <summary>Stands in metrics and in the audit trail for a name that is not an action: a caller must not invent label values.</summary>
    public const string Unknown = "unknown";

    public static ActionRoute? Find(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<ActionRoute>();

    /// <summary>The name of the action that a request asks for; <see cref="Unknown"/> where there is no such action.</summary>
    public static string ActionOf(HttpContext context) =>
        Find(context)?.Fixed ?? context.RequestServices.GetRequiredService<ActionList>().Find(Asked(context))?.Description.Name ?? Unknown;

    /// <summary>The action as the path of a generic route spells it.</summary>
    public static string Asked(HttpContext context) => context.Request.RouteValues["action"] as string ?? "";
}

/// <summary>
/// Runs before every route that acts: limits how often a user asks, and checks that the token is for this request and unused.
/// </summary>
internal sealed class ActingFilter(UsedTokenIds used, JobSubmission jobs, IOptions<AuthOptions> auth) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Features.Set(this); // The token is authentic. Refusals from here on are recorded with the caller's name.
        var caller = Callers.From(http);
        if (jobs.AcquireAttempt(caller) is { } wait)
        {
            return SubmissionResults.TooMany(
                http,
                $"Too many requests from {caller.Name}. Try again in {Math.Ceiling(wait.TotalSeconds):0} s.",
                wait
            );
        }

        // The route itself refuses a role that may not act, because it knows the target and can record it.
        var isForCaller = ActionGuard.Permits(caller.Role) is null || ActionRoute.Find(http) is { ForEveryRole: true };
        if (isForCaller && ActingToken.Objection(http, auth.Value) is { } objection)
        {
            return Refuse(http, caller, objection, StatusCodes.Status403Forbidden);
        }

        var (id, issued, expires) = Callers.TokenOf(http);
        return used.Spend(id, issued, expires) is { } why
            ? Refuse(http, caller, why, StatusCodes.Status401Unauthorized)
            : await next(context);
    }

    private ProblemHttpResult Refuse(HttpContext http, Caller caller, string why, int status)
    {
        jobs.Record(
            JobRecords.Refusal(
                caller,
                ActionRoute.ActionOf(http),
                http.Request.RouteValues["app"] as string,
                http.Request.RouteValues["id"] as string,
                null,
                new Refusal(RefusalCodes.Token, why)
            )
        );
        return TypedResults.Problem(why, statusCode: status);
    }
}
