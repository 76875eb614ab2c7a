using System.Collections.Immutable;
using FleetDashboard.Collector.Logs;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Contracts;
using FleetDashboard.Contracts.Logs;

namespace FleetDashboard.Collector.Api;

/// <summary>
/// The lines of logs. App and container are looked up in the snapshot. Of what a caller sends, only numbers and times reach the engine.
/// </summary>
internal static class LogEndpoints
{
    public static void MapLogs(this IEndpointRouteBuilder routes)
    {
        routes.ServiceProvider.GetRequiredService<LogStreams>(); // Created now, so that its gauge exists from the first scrape on.
        var group = routes
            .MapGroup("")
            .WithTags("Logs")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        group
            .MapGet(CollectorRoutes.ContainerLogs, GetContainerLogs)
            .WithName("GetContainerLogs")
            .Produces<ImmutableArray<LogLine>>(contentType: "application/json", additionalContentTypes: LogStreamResult.Events)
            .WithSummary(
                "A container's lines: a JSON array, or Server-Sent Events while following or where Accept names them. "
                    + "Events: line, mark, caught-up, heartbeat, end" // plain-english: mark is the name of an event
            );
        group
            .MapGet(CollectorRoutes.AppLogs, GetAppLogs)
            .WithName("GetAppLogs")
            .Produces<ImmutableArray<LogLine>>(contentType: "application/json", additionalContentTypes: LogStreamResult.Events)
            .WithSummary("The lines of all containers of an app, merged by time; otherwise as a container's");
    }

    private static IResult GetContainerLogs(
        HttpContext context,
        string id,
        [AsParameters] LogQuery query,
        SnapshotStore store,
        TimeProvider time
    )
    {
        if (Lookup.Container(store, id, out var problem) is not var (app, container))
        {
            return problem!;
        }

        return Answer(
            context,
            new LogTarget.SingleContainer(new LogMember(container.Id, container.Name, app, container.Service)),
            query,
            store,
            time
        );
    }

    private static IResult GetAppLogs(
        HttpContext context,
        string app,
        [AsParameters] LogQuery query,
        SnapshotStore store,
        TimeProvider time
    ) =>
        Lookup.App(store, app, out var problem) is { } found
            ? Answer(context, new LogTarget.WholeApp(found.Name), query, store, time)
            : problem!;

    private static IResult Answer(HttpContext context, LogTarget subject, LogQuery query, SnapshotStore store, TimeProvider time)
    {
        // A misspelt parameter must not be ignored: the answer would be for another question.
        var unknown = context.Request.Query.Keys.FirstOrDefault(key => !LogQuery.Names.Contains(key));
        if (unknown is not null)
        {
            return Results.Problem(
                $"There is no parameter '{unknown}'. The parameters are {string.Join(", ", LogQuery.Names)}.",
                statusCode: StatusCodes.Status400BadRequest
            );
        }

        return LogRequest.Read(query, time.GetUtcNow(), out var mistake) is { } question
            ? new LogStreamResult(subject, question, store.Current!.Snapshot)
            : Results.Problem(mistake, statusCode: StatusCodes.Status400BadRequest);
    }
}
