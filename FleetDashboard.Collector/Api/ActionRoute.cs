using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Auth;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FleetDashboard.Collector.Api;

/// <summary>Marks a route that acts, with the action's name.</summary>
internal sealed record ActionRoute(string Action);

/// <summary>Before any route that acts: its token states this act, is used once, and its user does not ask too often.</summary>
internal sealed class ActingFilter(SpentTokens spent, JobDesk desk, AuthOptions auth) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Features.Set(this); // The token proved who it is: what follows records its own refusals.
        var caller = Callers.Of(http);
        if (desk.Take(caller) is { } wait)
        {
            return ActionAnswers.TooMany(http, $"{caller.Name} asks too often. Wait a little.", wait);
        }

        // The route itself refuses a role that may not act, and knows what was meant.
        if (ActionGuard.Permits(caller.Role) is null && ActingToken.Objection(http, auth) is { } objection)
        {
            return Refuse(http, caller, objection, StatusCodes.Status403Forbidden);
        }

        var (id, issued, expires) = Callers.TokenOf(http);
        return spent.Spend(id, issued, expires) is { } why ? Refuse(http, caller, why, StatusCodes.Status401Unauthorized) : await next(context);
    }

    private ProblemHttpResult Refuse(HttpContext http, Caller caller, string why, int status)
    {
        var action = http.GetEndpoint()?.Metadata.GetMetadata<ActionRoute>()?.Action ?? "";
        desk.Record(JobRecords.Refusal(
            caller, action, http.Request.RouteValues["app"] as string, http.Request.RouteValues["id"] as string, null, new Refusal(RefusalCodes.Token, why)));
        return TypedResults.Problem(why, statusCode: status);
    }
}
