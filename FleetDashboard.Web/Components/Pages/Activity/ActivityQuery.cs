using System.Globalization;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;

namespace FleetDashboard.Web.Components.Pages.Activity;

/// <summary>What the address asks to see of the trail: <c>?user=admin&amp;app=billing&amp;action=restart&amp;outcome=failed&amp;from=2026-11-23T08:00:00Z</c>.</summary>
public sealed record ActivityQuery
{
    public const string UserName = "user", AppName = "app", ActionName = "action", OutcomeName = "outcome", FromName = "from", ToName = "to", JobName = "job",
        AfterName = "after", RecordName = "record", ShowName = "show";

    /// <summary>Refusals of every kind: they have many codes and one meaning.</summary>
    public const string Refused = "refused";

    /// <summary>The value of <see cref="ShowName"/> that shows what was asked for beside what came of it.</summary>
    public const string Everything = "all";

    private const int PageSize = 100;

    public string? User { get; init; }
    public string? App { get; init; }
    public string? Action { get; init; }
    public string? Outcome { get; init; }
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? To { get; init; }
    public string? Job { get; init; }

    /// <summary>Older than the record of this sequence; null for the newest.</summary>
    public long? After { get; init; }

    /// <summary>The record whose detail is open.</summary>
    public long? Record { get; init; }

    /// <summary>True where intents are shown too.</summary>
    public bool ShowsIntents { get; init; }

    /// <summary>The words that the filter of outcomes offers.</summary>
    public static IReadOnlyList<string> Outcomes { get; } = [JobStates.Succeeded, JobStates.Failed, JobStates.Interrupted, JobStates.Cancelled, Refused];

    public bool IsAll => this is { User: null, App: null, Action: null, Outcome: null, From: null, To: null, Job: null };

    public static string OfJob(string job) => $"/activity?{JobName}={Uri.EscapeDataString(job)}";

    public static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    public static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>What to ask the Collector for.</summary>
    public TrailQuery ToTrail() => Filters() with { After = After, Limit = PageSize };

    /// <summary>Where the same records are had as a file.</summary>
    public string Export(string format) => $"{TrailExport.Route}{Filters().ToQueryString(format)}";

    public bool Shows(AuditRecord record) => ShowsIntents || Job is not null || record.Phase != AuditPhases.Intent;

    private TrailQuery Filters() => new()
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

    private static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
