using FleetDashboard.DemoEngine.Events;
using FleetDashboard.DemoEngine.Hosting;

namespace FleetDashboard.DemoEngine.Api;

internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder routes) => routes.MapGet("/events", EventsAsync);

    private static async Task EventsAsync(HttpContext context, EventHub hub, StreamEnds ends, TimeProvider time)
    {
        var query = context.Request.Query;
        if (EngineFilters.Parse(query["filters"]) is not { } filters)
        {
            await context.AnswerMessageAsync(StatusCodes.Status400BadRequest, "invalid filter");
            return;
        }

        if (!EngineTime.TryParse(query["since"], out var since) || !EngineTime.TryParse(query["until"], out var until))
        {
            await context.AnswerMessageAsync(StatusCodes.Status400BadRequest, "since and until are Unix times");
            return;
        }

        using var end = ends.Link(context);
        using var subscription = hub.Subscribe();
        context.Response.ContentType = "application/json";

        // Send the headers at once: the client waits for them.
        await context.Response.StartAsync(end.Token);
        await context.Response.BodyWriter.FlushAsync(end.Token);
        var past =
            since is null && until is null ? [] : subscription.Past.Where(happened => !(happened.At < since) && !(happened.At > until));
        foreach (var happened in past.Where(filters.Allows))
        {
            await context.Response.BodyWriter.WriteAsync(happened.Line, end.Token);
        }

        if (until is { } last)
        {
            var left = last - time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            using var limit = new CancellationTokenSource(left, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, end.Token);
            await FollowAsync(context, subscription, filters, both, end);
            return;
        }

        await FollowAsync(context, subscription, filters, end, end);
    }

    private static async Task FollowAsync(
        HttpContext context,
        EventHub.Subscription subscription,
        EngineFilters filters,
        CancellationTokenSource stop,
        CancellationTokenSource broken
    )
    {
        try
        {
            await foreach (var happened in subscription.Live.ReadAllAsync(stop.Token))
            {
                if (filters.Allows(happened))
                {
                    await context.Response.BodyWriter.WriteAsync(happened.Line, stop.Token);
                }
            }
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            if (broken.Token.IsCancellationRequested)
            {
                // A broken stream, not a finished one, as when a daemon stops.
                context.Abort();
            }
        }
    }
}
