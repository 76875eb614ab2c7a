using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Auth;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Api;

/// <summary>Marks a route that acts, with the action's name, and whether viewers may use it too.</summary>
internal sealed record ActionRoute(string Action, bool ForEveryRole = false);

/// <summary>Before any route that acts: its token states this act, is used once, and its user does not ask too often.</summary>
internal sealed class ActingFilter(UsedTokenIds spent, JobSubmission desk, IOptions<AuthOptions> auth) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Features.Set(this); // The token proved who it is: what follows records its own refusals.
        var caller = Callers.From(http);
        if (desk.AcquireAttempt(caller) is { } wait)
        {
            return SubmissionResults.TooMany(http, $"{caller.Name} asks too often. Wait a little.", wait);
        }

        // A role that may not act is refused by the route itself, which knows what was meant.
        var isForCaller = ActionGuard.Permits(caller.Role) is null || RouteOf(http) is { ForEveryRole: true };
        if (isForCaller && ActingToken.Objection(http, auth.Value) is { } objection)
        {
            return Refuse(http, caller, objection, StatusCodes.Status403Forbidden);
        }

        var (id, issued, expires) = Callers.TokenOf(http);
        return spent.Spend(id, issued, expires) is { } why
            ? Refuse(http, caller, why, StatusCodes.Status401Unauthorized)
            : await next(context);
    }

    private ProblemHttpResult Refuse(HttpContext http, Caller caller, string why, int status)
    {
        var action = RouteOf(http)?.Action ?? "";
        desk.Record(
            JobRecords.Refusal(
                caller,
                action,
                http.Request.RouteValues["app"] as string,
                http.Request.RouteValues["id"] as string,
                null,
                new Refusal(RefusalCodes.Token, why)
            )
        );
        return TypedResults.Problem(why, statusCode: status);
    }

    private static ActionRoute? RouteOf(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<ActionRoute>();
}
