using System.Text.Json;
using FleetDashboard.DemoEngine.Fleet;
using FleetDashboard.DemoEngine.Hosting;

namespace FleetDashboard.DemoEngine.Api;

/// <summary>
/// Serves stats. Engines before 25 delay a one-shot request until their next one-second tick, but this one answers at once. Tests that need
/// the delay use the latency fault.
/// </summary>
internal static class StatsEndpoints
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    public static void MapStats(this IEndpointRouteBuilder routes) => routes.MapGet("/containers/{id}/stats", StatsAsync);

    private static async Task StatsAsync(HttpContext context, string id, DemoFleet fleet, StreamEnds ends, TimeProvider time)
    {
        if (fleet.Find(id) is not { } container)
        {
            await context.AnswerNoSuchContainerAsync(id);
            return;
        }

        var query = context.Request.Query;
        var stream = !query.ContainsKey("stream") || EngineBoolean.Parse(query["stream"]);
        var oneShot = EngineBoolean.Parse(query["one-shot"]);
        if (stream && oneShot)
        {
            await context.AnswerMessageAsync(StatusCodes.Status400BadRequest, "cannot have stream=true and one-shot=true");
            return;
        }

        var hostBoot = fleet.StartedAt - DemoHost.Uptime;
        if (!stream)
        {
            var now = time.GetUtcNow();
            await context.AnswerJsonAsync(json => StatsJson.Write(json, container, now, oneShot ? null : now - Tick, hostBoot));
            return;
        }

        context.Response.ContentType = "application/json";
        using var end = ends.Link(context);
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            DateTimeOffset? before = null;
            do
            {
                var now = time.GetUtcNow();
                await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
                {
                    StatsJson.Write(json, container, now, before, hostBoot);
                }

                await context.Response.BodyWriter.WriteAsync("\n"u8.ToArray(), end.Token);
                before = now;
            } while (await timer.WaitForNextTickAsync(end.Token) && fleet.Find(container.Plan.Id) is not null);
        }
        catch (OperationCanceledException) when (end.Token.IsCancellationRequested)
        {
            // A broken stream, not a finished one, as when a daemon stops.
            context.Abort();
        }
    }
}
