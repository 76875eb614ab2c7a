using FleetDashboard.Collector.Actions;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Api;

/// <summary>Every route that changes a container. None of them exists while actions are switched off.</summary>
internal static class ActionEndpoints
{
    public static void MapActions(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<ActionOptions>>().Value.Enabled)
        {
            return;
        }

        var acting = app.Services.GetRequiredService<ActingFilter>();
        var group = app.MapGroup("")
            .WithTags("Actions")
            .AddEndpointFilter(acting)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        foreach (var action in ActionNames.WithFixedRoutes)
        {
            MapContainer(CollectorRoutes.FixedAction(CollectorRoutes.Container, action), action);
            MapApp(CollectorRoutes.FixedAction(CollectorRoutes.App, action), action);
        }

        MapContainer(CollectorRoutes.ContainerAction, null);
        MapApp(CollectorRoutes.AppAction, null);
        group
            .MapPost(CollectorRoutes.JobCancel, CancelJob)
            .WithMetadata(new ActionRoute(ActionRoute.Cancel))
            .WithName("CancelJob")
            .WithSummary("Cancels a job, where that is safe")
            .Produces<Job>(StatusCodes.Status202Accepted);

        // A fixed route names its action; the generic one takes it from the path.
        void MapContainer(string route, string? fixedAction) =>
            group
                .MapPost(
                    route,
                    (string id, HttpContext context, JobSubmission jobs) => OfContainer(ActionRoute.ActionOf(context), id, context, jobs)
                )
                .WithMetadata(new ActionRoute(fixedAction))
                .WithName($"{fixedAction ?? "act-on"}-container")
                .WithSummary($"Runs {fixedAction ?? "an action"} on one container, as a job")
                .Produces<Job>(StatusCodes.Status202Accepted);

        void MapApp(string route, string? fixedAction) =>
            group
                .MapPost(
                    route,
                    (string app, HttpContext context, JobSubmission jobs) => OfApp(ActionRoute.ActionOf(context), app, context, jobs)
                )
                .WithMetadata(new ActionRoute(fixedAction))
                .WithName($"{fixedAction ?? "act-on"}-app")
                .WithSummary($"Runs {fixedAction ?? "an action"} on every container of an app for which it is offered, as a job")
                .Produces<Job>(StatusCodes.Status202Accepted);
    }

    private static IResult OfContainer(string action, string id, HttpContext context, JobSubmission jobs)
    {
        if (ContainerId.IsValid(id))
        {
            return Submit(action, new RequestTarget.Container(id), context, jobs);
        }

        jobs.Record(
            JobRecords.Refusal(Callers.From(context), action, null, id, null, new Refusal(RefusalCodes.Unknown, "not a container id"))
        );
        return TypedResults.Problem(
            "A container id has 12 to 64 hexadecimal digits in lower case.",
            statusCode: StatusCodes.Status400BadRequest
        );
    }

    // The server decodes every escape in a path except %2F, so a slash in an app's name arrives escaped.
    private static IResult OfApp(string action, string app, HttpContext context, JobSubmission jobs) =>
        Submit(
            action,
            new RequestTarget.App(jobs.Knows(app) ? app : app.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)),
            context,
            jobs
        );

    private static IResult Submit(string action, RequestTarget target, HttpContext context, JobSubmission jobs) =>
        SubmissionResults.From(context, jobs.Submit(new SubmittedAction(Callers.From(context), action, target, Key(context))));

    private static IResult CancelJob(string id, HttpContext context, JobSubmission jobs) =>
        JobEndpoints.IsId(id) && jobs.Cancel(Callers.From(context), id) is { } answer
            ? SubmissionResults.From(context, answer)
            : JobEndpoints.NotFound();

    // Several keys are joined, and the result is rejected like a key that is too long.
    private static string? Key(HttpContext context) =>
        context.Request.Headers[CollectorRoutes.IdempotencyHeader] is { Count: > 0 } keys ? keys.ToString() : null;
}
