using FleetDashboard.Collector.Actions;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Api;

/// <summary>Marks a route that acts, with the action's name.</summary>
internal sealed record ActionRoute(string Action);

/// <summary>Before any route that acts: its token may act, once, and its user not too often.</summary>
internal sealed class ActingFilter(SpentTokens spent, JobDesk desk) : IEndpointFilter
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

        var (id, issued, expires) = Callers.TokenOf(http);
        if (spent.Spend(id, issued, expires) is { } why)
        {
            var action = http.GetEndpoint()?.Metadata.GetMetadata<ActionRoute>()?.Action ?? "";
            desk.Record(JobRecords.Refusal(
                caller, action, http.Request.RouteValues["app"] as string, http.Request.RouteValues["id"] as string, null, new Refusal(RefusalCodes.Token, why)));
            return TypedResults.Problem(why, statusCode: StatusCodes.Status401Unauthorized);
        }

        return await next(context);
    }
}
