using System.Collections.Immutable;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FleetDashboard.Collector.Api;

/// <summary>The routes that read jobs.</summary>
internal static partial class JobEndpoints
{
    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Jobs").ProducesProblem(StatusCodes.Status401Unauthorized);
        group
            .MapGet(CollectorRoutes.Jobs, GetJobs)
            .WithName("GetJobs")
            .WithSummary("Running, waiting and recently ended jobs, newest first");
        group
            .MapGet(CollectorRoutes.Job, GetJob)
            .WithName("GetJob")
            .WithSummary("One job, also of an earlier run")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group
            .MapGet(CollectorRoutes.JobStream, Stream)
            .WithName("StreamJob")
            .WithSummary("Server-Sent Events: the job at once and at each change, and its raw lines, until it has ended")
            .Produces<Job>(contentType: "text/event-stream")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
    }

    public static bool IsId(string id) => Id().IsMatch(id);

    public static ProblemHttpResult NotFound() =>
        TypedResults.Problem(
            $"There is no job with this id. {CollectorRoutes.Jobs} lists the jobs.",
            statusCode: StatusCodes.Status404NotFound
        );

    private static Ok<ImmutableArray<Job>> GetJobs(JobStore jobs) => TypedResults.Ok(jobs.All);

    private static Results<Ok<Job>, ProblemHttpResult> GetJob(string id, JobStore jobs) =>
        IsId(id) && jobs.Recall(id) is { } job ? TypedResults.Ok(job) : NotFound();

    private static IResult Stream(string id, HttpContext context, JobStore jobs, StreamLimiter places, IHostApplicationLifetime lifetime)
    {
        context.Response.Headers["X-Accel-Buffering"] = "no"; // Proxies that buffer would hold the events back.
        return !IsId(id) ? NotFound()
            : jobs.Find(id) is { } live
                ? places.Open(
                    context,
                    () => TypedResults.ServerSentEvents(lifetime.UntilStopping(leaving => Events(live, leaving), context.RequestAborted))
                )
            : jobs.Recall(id) is { } job ? TypedResults.ServerSentEvents(Once(job))
            : NotFound();
    }

    private static async IAsyncEnumerable<SseItem<string>> Events(LiveJob job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var news in job.WatchAsync(TimeSpan.FromSeconds(CollectorRoutes.HeartbeatSeconds), cancellationToken))
        {
            foreach (var line in news.Lines)
            {
                yield return new SseItem<string>(JsonSerializer.Serialize(line, ContractsJson.Default.JobLine), CollectorRoutes.LineEvent);
            }

            if (news.Job is { } changed)
            {
                yield return Item(changed);
            }
            else if (news.Lines.IsEmpty)
            {
                yield return new SseItem<string>("", CollectorRoutes.HeartbeatEvent);
            }
        }
    }

    private static async IAsyncEnumerable<SseItem<string>> Once(Job job)
    {
        await Task.CompletedTask;
        yield return Item(job);
    }

    private static SseItem<string> Item(Job job) => new(JsonSerializer.Serialize(job, ContractsJson.Default.Job), CollectorRoutes.JobEvent);

    [GeneratedRegex(@"\A[0-9a-f]{32}\z")]
    private static partial Regex Id();
}
