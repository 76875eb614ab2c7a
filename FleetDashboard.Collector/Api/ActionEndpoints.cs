using FleetDashboard.Collector.Actions;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Api;

/// <summary>Every route that changes anything. With actions switched off none of them is there.</summary>
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

        MapContainer(CollectorRoutes.ContainerRestart, ActionNames.Restart);
        MapContainer(CollectorRoutes.ContainerPull, ActionNames.Pull);
        MapContainer(CollectorRoutes.ContainerUpdate, ActionNames.Update);
        MapContainer(CollectorRoutes.ContainerRebuild, ActionNames.Rebuild);
        MapApp(CollectorRoutes.AppRestart, ActionNames.Restart);
        MapApp(CollectorRoutes.AppPull, ActionNames.Pull);
        MapApp(CollectorRoutes.AppUpdate, ActionNames.Update);
        MapApp(CollectorRoutes.AppRebuild, ActionNames.Rebuild);
        group
            .MapPost(CollectorRoutes.JobCancel, CancelJob)
            .WithMetadata(new ActionRoute("cancel"))
            .WithName("CancelJob")
            .WithSummary("Calls a job off, where that is safe")
            .Produces<Job>(StatusCodes.Status202Accepted);

        void MapContainer(string route, string action) =>
            group
                .MapPost(route, (string id, HttpContext context, JobSubmission desk) => OfContainer(action, id, context, desk))
                .WithMetadata(new ActionRoute(action))
                .WithName($"{action}-container")
                .WithSummary($"{action} of one container, as a job")
                .Produces<Job>(StatusCodes.Status202Accepted);

        void MapApp(string route, string action) =>
            group
                .MapPost(route, (string app, HttpContext context, JobSubmission desk) => OfApp(action, app, context, desk))
                .WithMetadata(new ActionRoute(action))
                .WithName($"{action}-app")
                .WithSummary($"{action} of every container of an app that may be touched, as a job")
                .Produces<Job>(StatusCodes.Status202Accepted);
    }

    private static IResult OfContainer(string action, string id, HttpContext context, JobSubmission desk)
    {
        if (ContainerId.IsValid(id))
        {
            return Submit(action, new RequestTarget.Container(id), context, desk);
        }

        desk.Record(
            JobRecords.Refusal(
                Callers.From(context),
                action,
                null,
                id,
                null,
                new Refusal(RefusalCodes.Unknown, "that is no container's id")
            )
        );
        return TypedResults.Problem(
            "A container's id is 12 to 64 hexadecimal digits in lower case.",
            statusCode: StatusCodes.Status400BadRequest
        );
    }

    // A slash in a name arrives as it was sent: the server decodes everything in a path but that.
    private static IResult OfApp(string action, string app, HttpContext context, JobSubmission desk) =>
        Submit(
            action,
            new RequestTarget.App(desk.Knows(app) ? app : app.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)),
            context,
            desk
        );

    private static IResult Submit(string action, RequestTarget target, HttpContext context, JobSubmission desk) =>
        SubmissionResults.From(context, desk.Submit(new SubmittedAction(Callers.From(context), action, target, Key(context))));

    private static IResult CancelJob(string id, HttpContext context, JobSubmission desk) =>
        JobEndpoints.IsId(id) && desk.Cancel(Callers.From(context), id) is { } answer
            ? SubmissionResults.From(context, answer)
            : JobEndpoints.NotFound();

    // Several are as wrong as one that is too long.
    private static string? Key(HttpContext context) =>
        context.Request.Headers[CollectorRoutes.IdempotencyHeader] is { Count: > 0 } keys ? keys.ToString() : null;
}
