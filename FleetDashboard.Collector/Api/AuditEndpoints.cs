using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FleetDashboard.Collector.Audit;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Data.Sqlite;

namespace FleetDashboard.Collector.Api;

/// <summary>The audit trail, in pages and as a file.</summary>
internal static class AuditEndpoints
{
    private const int DefaultLimit = 100;
    private static readonly string[] Known =
    [
        "user",
        "app",
        "container",
        "action",
        "phase",
        "outcome",
        "job",
        "from",
        "to",
        "after",
        "limit",
        "format",
    ];

    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        var group = routes
            .MapGroup("")
            .WithTags("Audit")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group
            .MapGet(CollectorRoutes.Audit, GetAudit)
            .WithName("GetAudit")
            .Produces<AuditPage>()
            .WithSummary(
                "The trail, newest first. Filters: user, app, container, action, phase, outcome, job, from, to. "
                    + "The next page by after, at most limit records"
            );
        group
            .MapGet(CollectorRoutes.AuditExport, Export)
            .WithName("ExportAudit")
            .Produces<string>(contentType: "text/csv")
            .WithSummary("The same filters, oldest first, all of it: format=jsonl or csv");
    }

    private static IResult GetAudit(HttpContext context, AuditReader reader)
    {
        var asked = context.Request.Query;
        if (Read(asked, out var query) is { } mistake)
        {
            return Mistaken(mistake);
        }

        long? after = null;
        if (asked["after"].ToString() is { Length: > 0 } text)
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
            {
                return Mistaken("after is the sequence of the last record of the page before: a number.");
            }

            after = sequence;
        }

        var limit = DefaultLimit;
        if (
            asked["limit"].ToString() is { Length: > 0 } many
            && (!int.TryParse(many, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > AuditQuery.MaxLimit)
        )
        {
            return Mistaken($"limit is a number from 1 to {AuditQuery.MaxLimit}.");
        }

        try
        {
            // One record more than asked for shows whether there is a next page.
            var records = reader.Newest(query, after, limit + 1);
            var page = records.Length > limit ? records[..limit] : records;
            return TypedResults.Ok(new AuditPage(page, records.Length > limit ? page[^1].Sequence : null));
        }
        catch (Exception fault) when (fault is SqliteException or FormatException)
        {
            return Unreadable(fault);
        }
    }

    private static IResult Export(HttpContext context, AuditReader reader)
    {
        var asked = context.Request.Query;
        if (Read(asked, out var query) is { } mistake)
        {
            return Mistaken(mistake);
        }

        var format = asked["format"].ToString() is { Length: > 0 } given ? given : "jsonl";
        if (format is not ("jsonl" or "csv"))
        {
            return Mistaken("format is jsonl or csv.");
        }

        ImmutableArray<AuditRecord> first;
        try
        {
            // A trail that cannot be read fails here, before the answer has started.
            first = reader.Oldest(query, above: 0, AuditQuery.MaxLimit);
        }
        catch (Exception fault) when (fault is SqliteException or FormatException)
        {
            return Unreadable(fault);
        }

        return Results.Stream(
            body => WriteAsync(body, reader, query, first, format == "csv", context.RequestAborted),
            format == "csv" ? "text/csv; charset=utf-8" : "application/jsonl",
            $"fleet-audit.{format}"
        );
    }

    private static async Task WriteAsync(
        Stream body,
        AuditReader reader,
        AuditQuery query,
        ImmutableArray<AuditRecord> page,
        bool csv,
        CancellationToken cancellationToken
    )
    {
        await using var text = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        if (csv)
        {
            await text.WriteAsync(AuditCsv.Header.AsMemory(), cancellationToken);
        }

        for (; page.Length > 0; page = reader.Oldest(query, page[^1].Sequence, AuditQuery.MaxLimit))
        {
            foreach (var record in page)
            {
                var line = csv ? AuditCsv.Line(record) : JsonSerializer.Serialize(record, ContractsJson.Default.AuditRecord) + "\n";
                await text.WriteAsync(line.AsMemory(), cancellationToken);
            }
        }
    }

    // A misspelt filter must not return everything.
    private static string? Read(IQueryCollection asked, out AuditQuery query)
    {
        query = new AuditQuery();
        if (asked.Keys.FirstOrDefault(key => !Known.Contains(key)) is { } odd)
        {
            return $"There is no filter '{odd}'. The filters are {string.Join(", ", Known)}.";
        }

        if (!TryTime(asked, "from", out var from) || !TryTime(asked, "to", out var to))
        {
            return "from and to are times in ISO 8601, e.g. 2026-11-23T08:00:00Z.";
        }

        query = new AuditQuery
        {
            User = Text(asked, "user"),
            App = Text(asked, "app"),
            Container = Text(asked, "container"),
            Action = Text(asked, "action"),
            Phase = Text(asked, "phase"),
            Outcome = Text(asked, "outcome"),
            Job = Text(asked, "job"),
            From = from,
            To = to,
        };
        return null;
    }

    private static bool TryTime(IQueryCollection asked, string key, out DateTimeOffset? time)
    {
        time = null;
        if (Text(asked, key) is not { } text)
        {
            return true;
        }

        var parsed = DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var value
        );
        time = parsed ? value : null;
        return parsed;
    }

    private static string? Text(IQueryCollection asked, string key) => asked[key].ToString() is { Length: > 0 } text ? text : null;

    private static ProblemHttpResult Mistaken(string sentence) =>
        TypedResults.Problem(sentence, statusCode: StatusCodes.Status400BadRequest);

    private static ProblemHttpResult Unreadable(Exception fault) =>
        TypedResults.Problem(
            $"The audit trail cannot be read: {fault.Message.TrimEnd('.')}. Check it with the command verify.",
            statusCode: StatusCodes.Status503ServiceUnavailable
        );
}
