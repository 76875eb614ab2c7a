using System.Globalization;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Activity;

/// <summary>
/// The audit records that the address asks for:
/// <c>?user=admin&amp;app=billing&amp;action=restart&amp;outcome=failed&amp;from=2026-11-23T08:00:00Z</c>.
/// </summary>
public sealed record ActivityQuery
{
    public const string UserName = "user",
        AppName = "app",
        ActionName = "action",
        OutcomeName = "outcome",
        FromName = "from",
        ToName = "to",
        JobName = Links.JobName,
        AfterName = "after",
        RecordName = "record",
        ShowName = "show";

    /// <summary>Every kind of refusal. Refusals have many codes, which this one value covers.</summary>
    public const string Refused = "refused";

    /// <summary>The value of <see cref="ShowName"/> that shows intents as well as results.</summary>
    public const string Everything = "all";

    private const int PageSize = 100;

    /// <summary>The selected host. Null for all hosts.</summary>
    public string? Host { get; init; }

    public string? User { get; init; }
    public string? App { get; init; }
    public string? Action { get; init; }
    public string? Outcome { get; init; }
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? To { get; init; }
    public string? Job { get; init; }

    /// <summary>Where the previous page ended. Null for the newest records.</summary>
    public TrailCursor? After { get; init; }

    /// <summary>The record whose details are open: its host, if the fleet has several, and its sequence number.</summary>
    public (string? Host, long Sequence)? Record { get; init; }

    /// <summary>Whether intents are shown too.</summary>
    public bool ShowsIntents { get; init; }

    /// <summary>The choices in the outcome filter.</summary>
    public static IReadOnlyList<string> Outcomes { get; } =
    [JobStates.Succeeded, JobStates.Failed, JobStates.Interrupted, JobStates.Cancelled, Refused];

    public bool IsAll => this is { Host: null, User: null, App: null, Action: null, Outcome: null, From: null, To: null, Job: null };

    public static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
            : null;

    /// <summary>Parses <see cref="FleetRecord.Key"/>. The separator is a slash, because a host name contains none.</summary>
    public static (string? Host, long Sequence)? RecordOf(string? text)
    {
        var slash = text?.LastIndexOf('/') ?? -1;
        return long.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (slash > 0 ? text![..slash] : null, number)
            : null;
    }

    /// <summary>The query to send to the Collectors.</summary>
    public TrailQuery ToTrail() => Filters() with { Limit = PageSize };

    /// <summary>The download address of the same records of one host.</summary>
    public string Export(string format, string? host) =>
        $"{TrailExport.Route[1..]}{Filters().ToQueryString(format)}"
        + (host is null ? "" : $"&{Links.HostName}={Uri.EscapeDataString(host)}");

    public bool Shows(AuditRecord record) => ShowsIntents || Job is not null || record.Phase != AuditPhases.Intent;

    private TrailQuery Filters() =>
        new()
        {
            User = User,
            App = App,
            Action = Action,
            Phase = Outcome == Refused ? AuditPhases.Refusal : null,
            Outcome = Outcome == Refused ? null : Outcome,
            Job = Job,
            From = Text(From),
            To = Text(To),
        };

    private static string? Text(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
