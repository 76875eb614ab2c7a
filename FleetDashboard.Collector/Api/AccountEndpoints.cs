using System.Text.Json;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Audit;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Api;

/// <summary>
/// Records a change of Web's accounts in the audit trail. Web makes the change only after the record is on this disk. An attacker who
/// controls Web can add an account but cannot remove the record of it.
/// </summary>
internal static class AccountEndpoints
{
    private const string ActionName = "account-change";

    public static void MapAccounts(this WebApplication app)
    {
        var acting = app.Services.GetRequiredService<ActingFilter>();
        app.MapPost(CollectorRoutes.AuditAccounts, RecordAsync)
            .AddEndpointFilter(acting)
            .WithMetadata(new ActionRoute(ActionName, ForEveryRole: true))
            .WithTags("Audit")
            .WithName("RecordAccountChange")
            .WithSummary("Records a change of an account in the audit trail")
            .Accepts<AccountChange>("application/json")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> RecordAsync(HttpContext context, AuditTrail trail, JobSubmission desk)
    {
        if (await ReadAsync(context) is not { } wanted)
        {
            return TypedResults.Problem(
                $"Send {{\"change\": one of {string.Join(", ", AccountChanges.All)}, "
                    + $"\"user\": a name of 1 to {AccountChange.MaxUser} characters}}.",
                statusCode: StatusCodes.Status400BadRequest
            );
        }

        var caller = Callers.From(context);
        if (caller.Role != Roles.Operator && !(AccountChanges.OfOnesOwn.Contains(wanted.Change) && wanted.User == caller.Name))
        {
            var refusal = new Refusal(RefusalCodes.Role, $"a viewer does not change the account {wanted.User}");
            desk.Record(JobRecords.Refusal(caller, wanted.Change, null, null, null, refusal));
            return TypedResults.Problem($"Not recorded: {refusal.Reason}.", statusCode: StatusCodes.Status403Forbidden);
        }

        try
        {
            trail.Append(
                new AuditEntry(caller.Name, wanted.Change, AuditPhases.Outcome)
                {
                    Subject = caller.Subject,
                    Role = caller.Role,
                    Source = caller.Source,
                    Outcome = JobStates.Succeeded,
                    Reason = $"The account {wanted.User}.",
                }
            );
            return TypedResults.NoContent();
        }
        catch (TrailUnwritableException broken)
        {
            return TypedResults.Problem(broken.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<AccountChange?> ReadAsync(HttpContext context)
    {
        try
        {
            var change = await context.Request.ReadFromJsonAsync(ContractsJson.Default.AccountChange, context.RequestAborted);
            return change is { User.Length: > 0 and <= AccountChange.MaxUser } && AccountChanges.All.Contains(change.Change)
                ? change
                : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return null; // not JSON, or without the JSON content type
        }
    }
}
