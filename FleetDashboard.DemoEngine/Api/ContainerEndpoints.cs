using System.Globalization;
using FleetDashboard.DemoEngine.Fleet;

namespace FleetDashboard.DemoEngine.Api;

internal static class ContainerEndpoints
{
    public static void MapContainers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/containers/json", ListAsync);
        routes.MapGet("/containers/{id}/json", InspectAsync);
        routes.MapPost(
            "/containers/{id}/start",
            (HttpContext context, string id, DemoFleet fleet, FleetActions actions) => ActAsync(context, id, fleet, actions.Start)
        );
        routes.MapPost(
            "/containers/{id}/pause",
            (HttpContext context, string id, DemoFleet fleet, FleetActions actions) => ActAsync(context, id, fleet, actions.Pause)
        );
        routes.MapPost(
            "/containers/{id}/unpause",
            (HttpContext context, string id, DemoFleet fleet, FleetActions actions) => ActAsync(context, id, fleet, actions.Unpause)
        );
        routes.MapPost("/containers/{id}/stop", StopAsync);
        routes.MapPost("/containers/{id}/restart", RestartAsync);
        routes.MapPost("/containers/{id}/kill", KillAsync);
    }

    private static Task ListAsync(HttpContext context, DemoFleet fleet, TimeProvider time)
    {
        var query = context.Request.Query;
        if (EngineFilters.Parse(query["filters"]) is not { } filters)
        {
            return context.AnswerMessageAsync(StatusCodes.Status400BadRequest, "invalid filter");
        }

        // A status filter includes stopped containers.
        var all = EngineBoolean.Parse(query["all"]) || filters.Has("status");
        var now = time.GetUtcNow();
        var limit = int.TryParse(query["limit"], CultureInfo.InvariantCulture, out var wanted) && wanted > 0 ? wanted : int.MaxValue;
        var found = fleet
            .All.Where(container =>
                (all || container.State.IsUp || container.State.Status == RunStatus.Restarting) && filters.Allows(container)
            )
            .Take(limit);
        return context.AnswerArrayAsync(found, (json, container) => ContainerListJson.Write(json, container, now));
    }

    private static Task InspectAsync(HttpContext context, string id, DemoFleet fleet, TimeProvider time) =>
        fleet.Find(id) is { } container
            ? context.AnswerJsonAsync(json => ContainerInspectJson.Write(json, container, time.GetUtcNow()))
            : context.AnswerNoSuchContainerAsync(id);

    private static Task StopAsync(HttpContext context, string id, DemoFleet fleet, FleetActions actions) =>
        ActAsync(context, id, fleet, container => actions.StopAsync(container, context.RequestAborted));

    private static Task RestartAsync(HttpContext context, string id, DemoFleet fleet, FleetActions actions) =>
        ActAsync(context, id, fleet, container => actions.RestartAsync(container, context.RequestAborted));

    private static Task KillAsync(HttpContext context, string id, DemoFleet fleet, FleetActions actions) =>
        Signals.Parse(context.Request.Query["signal"]) is { } signal
            ? ActAsync(context, id, fleet, container => actions.Kill(container, signal))
            : context.AnswerMessageAsync(StatusCodes.Status400BadRequest, "Invalid signal: " + context.Request.Query["signal"]);

    private static Task ActAsync(HttpContext context, string id, DemoFleet fleet, Func<DemoContainer, EngineActionResult> act) =>
        ActAsync(context, id, fleet, container => Task.FromResult(act(container)));

    private static async Task ActAsync(HttpContext context, string id, DemoFleet fleet, Func<DemoContainer, Task<EngineActionResult>> act)
    {
        if (fleet.Find(id) is not { } container)
        {
            await context.AnswerNoSuchContainerAsync(id);
            return;
        }

        var answer = await act(container);
        if (answer.Message is { } message)
        {
            await context.AnswerMessageAsync(answer.Status, message);
            return;
        }

        context.Response.StatusCode = answer.Status;
    }
}

internal static class Signals
{
    public static int? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return 9;
        }

        var name = text.ToUpperInvariant();
        return (name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name) switch
        {
            "HUP" => 1,
            "INT" => 2,
            "KILL" => 9,
            "USR1" => 10,
            "USR2" => 12,
            "TERM" => 15,
            var number => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is > 0 and < 65
                ? value
                : null,
        };
    }
}

internal static class EngineBoolean
{
    /// <summary>The engine treats every value as true except the ones that mean no.</summary>
    public static bool Parse(string? text) => text?.Trim().ToUpperInvariant() is not (null or "" or "0" or "NO" or "FALSE" or "NONE");
}
