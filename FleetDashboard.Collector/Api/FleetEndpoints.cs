using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace FleetDashboard.Collector.Api;

/// <summary>The snapshot and its parts. They are read from memory: no request reaches the engine.</summary>
internal static partial class FleetEndpoints
{
    private const string NotYet = "The Collector has just started and has not read the engine yet. Try again in a few seconds.";

    public static void MapFleet(this IEndpointRouteBuilder routes)
    {
        var group = routes
            .MapGroup("")
            .AddEndpointFilter(new ViewerPresenceFilter(routes.ServiceProvider.GetRequiredService<ViewerPresence>()))
            .WithTags("Fleet")
            .ProducesProblem(StatusCodes.Status401Unauthorized);
        group
            .MapGet(CollectorRoutes.Fleet, GetFleet)
            .WithName("GetFleet")
            .WithSummary("The snapshot; 304 when unchanged")
            .Produces<FleetSnapshot>()
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group
            .MapGet(CollectorRoutes.FleetStream, Stream)
            .WithName("StreamFleet")
            .WithSummary(
                "Server-Sent Events: the snapshot and the jobs at once, then each new snapshot, each change of a job and its raw lines"
            )
            .Produces<FleetSnapshot>(contentType: "text/event-stream")
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        group.MapGet(CollectorRoutes.App, GetApp).WithName("GetApp").WithSummary("One app with its stats of the last hour");
        group
            .MapGet(CollectorRoutes.Container, GetContainer)
            .WithName("GetContainer")
            .WithSummary("One container with its stats of the last hour")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static IResult GetFleet(HttpContext context, SnapshotStore store)
    {
        if (store.Current is not { } current)
        {
            return Results.Problem(NotYet, statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        context.Response.Headers.ETag = current.ETag;
        context.Response.Headers.CacheControl = "no-cache";
        return Matches(context.Request, current.ETag)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(current.Json, "application/json");
    }

    private static IResult Stream(
        HttpContext context,
        SnapshotStore store,
        JobStore jobs,
        ViewerPresence viewers,
        StreamLimiter places,
        IHostApplicationLifetime lifetime,
        bool watching = true
    )
    {
        context.Response.Headers["X-Accel-Buffering"] = "no"; // Proxies that buffer would hold the events back.
        return places.Open(
            context,
            () =>
                TypedResults.ServerSentEvents(
                    lifetime.UntilStopping(leaving => Events(store, jobs, watching ? viewers : null, leaving), context.RequestAborted)
                )
        );
    }

    private static Results<Ok<AppDetail>, ProblemHttpResult> GetApp(
        string app,
        SnapshotStore store,
        StatsHistory history,
        ChangeHistory changes
    ) =>
        Lookup.App(store, app, out var problem) is { } found
            ? TypedResults.Ok(new AppDetail(found, history.OfApp(found.Name), changes.Find(found.Containers)))
            : problem!;

    private static Results<Ok<ContainerDetail>, ProblemHttpResult> GetContainer(string id, SnapshotStore store, StatsHistory history) =>
        Lookup.Container(store, id, out var problem) is var (app, container)
            ? TypedResults.Ok(new ContainerDetail(app, container, history.OfContainer(container.Id)))
            : problem!;

    private static async IAsyncEnumerable<SseItem<byte[]>> Events(
        SnapshotStore store,
        JobStore jobs,
        ViewerPresence? viewers,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var visit = viewers?.Enter();
        await foreach (var item in StreamMerge.OfTwoAsync(token => Snapshots(store, token), token => Jobs(jobs, token), cancellationToken))
        {
            yield return item;
        }
    }

    private static async IAsyncEnumerable<SseItem<byte[]>> Snapshots(
        SnapshotStore store,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var snapshot in store.WatchAsync(TimeSpan.FromSeconds(CollectorRoutes.HeartbeatSeconds), cancellationToken))
        {
            // A heartbeat, so that a reader can tell a quiet fleet from a dead Collector.
            yield return snapshot is null
                ? new SseItem<byte[]>([], CollectorRoutes.HeartbeatEvent)
                : new SseItem<byte[]>(snapshot.Json, CollectorRoutes.SnapshotEvent) { EventId = snapshot.ETag.Trim('"') };
        }
    }

    private static async IAsyncEnumerable<SseItem<byte[]>> Jobs(JobStore jobs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var update in jobs.WatchAsync(cancellationToken))
        {
            yield return update switch
            {
                { Listed: { } listed } => Item(CollectorRoutes.JobsEvent, listed, ContractsJson.Default.ImmutableArrayJob),
                { Output: { } output } => Item(CollectorRoutes.JobLinesEvent, output, ContractsJson.Default.JobOutput),
                _ => Item(CollectorRoutes.JobEvent, update.Changed!, ContractsJson.Default.Job),
            };
        }

        static SseItem<byte[]> Item<T>(string name, T value, JsonTypeInfo<T> type) =>
            new(JsonSerializer.SerializeToUtf8Bytes(value, type), name);
    }

    private static bool Matches(HttpRequest request, string etag) =>
        request.Headers.IfNoneMatch.Any(header =>
            header is not null
            && EntityTagHeaderValue.TryParseList([header], out var tags)
            && tags.Any(tag => tag.Tag == etag || tag.Tag == "*")
        );
}
