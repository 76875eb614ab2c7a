using System.Globalization;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Api;

/// <summary>The HTTP answer to a request to act.</summary>
internal static class SubmissionResults
{
    public static IResult From(HttpContext context, Submission submission)
    {
        switch (submission)
        {
            case Submission.Accepted { Job: var job }:
                context.Response.Headers.Location = CollectorRoutes.Fill(CollectorRoutes.Job, job.Id);
                return TypedResults.Json(
                    job,
                    ContractsJson.Default.Job,
                    statusCode: job.Outcome is null ? StatusCodes.Status202Accepted : StatusCodes.Status200OK
                );
            case Submission.GuardRefused refused:
                return Problem(refused.Sentence, StatusCodes.Status403Forbidden, ("code", refused.Refusal.Code));
            case Submission.NotFound none:
                return Problem(none.Sentence, StatusCodes.Status404NotFound);
            case Submission.Mistaken mistaken:
                return Problem(mistaken.Sentence, StatusCodes.Status400BadRequest);
            case Submission.ContainerBusy busy:
                return Problem(
                    busy.Sentence,
                    StatusCodes.Status409Conflict,
                    ("job", busy.Holder.Id),
                    ("user", busy.Holder.User),
                    ("action", busy.Holder.Action)
                );
            case Submission.KeyTaken taken:
                return Problem(taken.Sentence, StatusCodes.Status422UnprocessableEntity);
            case Submission.TooMany many:
                return TooMany(context, many.Sentence, many.RetryAfter);
            case Submission.Unavailable unavailable:
                context.Response.Headers.RetryAfter = "5";
                return Problem(unavailable.Sentence, StatusCodes.Status503ServiceUnavailable);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    public static IResult TooMany(HttpContext context, string sentence, TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Problem(sentence, StatusCodes.Status429TooManyRequests);
    }

    private static IResult Problem(string sentence, int status, params IEnumerable<(string Name, string Value)> more) =>
        Results.Problem(
            sentence,
            statusCode: status,
            extensions: more.Select(one => new KeyValuePair<string, object?>(one.Name, one.Value))
        );
}
