using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Activity;

/// <summary>The audit trail as a file: the Collector's own stream, passed on as it comes, asked for with the user's token.</summary>
internal static class TrailExport
{
    public const string Route = "/activity/export";

    private const string FormatName = "format";

    // The formats of the Collector's route, each with the type that it is passed on as. The first is what no format means.
    private static readonly (string Format, string ContentType)[] Formats =
    [
        ("jsonl", "application/jsonl; charset=utf-8"),
        ("csv", "text/csv; charset=utf-8"),
    ];

    private static readonly TimeSpan FirstByte = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Whole = TimeSpan.FromMinutes(10);

    public static void MapTrailExport(this IEndpointRouteBuilder routes) => routes.MapGet(Route, ExportAsync);

    private static async Task ExportAsync(
        HttpContext context,
        IHttpClientFactory clients,
        FleetHosts hosts,
        CollectorTokens tokens,
        TimeProvider time
    )
    {
        var view = hosts.Current;
        if ((view.IsSeveral ? view.Host(context.Request.Query[Links.HostName]) : view.Hosts.FirstOrDefault()) is not { } host)
        {
            await ProblemAsync(
                context,
                $"Say whose trail: add {Links.HostName} with the name of one of the fleet's hosts.",
                StatusCodes.Status400BadRequest
            );
            return;
        }
        var asked = context.Request.Query[FormatName].ToString();
        if (
            Array.Find(Formats, one => one.Format == asked || asked.Length == 0) is not { Format: { } format, ContentType: var contentType }
        )
        {
            await ProblemAsync(context, "There is no such format. Set format to jsonl or csv.", StatusCodes.Status400BadRequest);
            return;
        }
        using var limit = new CancellationTokenSource(FirstByte, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        try
        {
            // The Collector checks the filters and names the one that is wrong.
            using var request = new HttpRequestMessage(
                HttpMethod.Get,
                new Uri(host.Collector, CollectorRoutes.AuditExport + Asked(context.Request.Query))
            );
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Bearer",
                tokens.For(SignedInCaller.From(context.User, context.Connection.RemoteIpAddress?.ToString()))
            );
            using var client = clients.CreateClient(HostFeed.HttpClientName);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            limit.CancelAfter(Whole);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                var status =
                    answer.StatusCode == HttpStatusCode.BadRequest
                        ? StatusCodes.Status400BadRequest
                        : StatusCodes.Status503ServiceUnavailable;
                await ProblemAsync(context, await CollectorProblem.SentenceAsync(answer, either.Token), status);
                return;
            }
            RelayedFile.Describe(context.Response, contentType, $"attachment; filename=fleet-audit.{format}");
            await answer.Content.CopyToAsync(context.Response.Body, either.Token);
        }
        catch (Exception) when (context.Response.HasStarted)
        {
            context.Abort(); // So that the browser sees a file that broke off, not one that is complete.
        }
        catch (Exception ex)
            when (ex is HttpRequestException or IOException or JsonException or OperationCanceledException
                && !context.RequestAborted.IsCancellationRequested
            )
        {
            await ProblemAsync(
                context,
                $"The trail cannot be had as a file. {(ex is OperationCanceledException ? FeedErrors.Late : FeedErrors.Describe(ex))}",
                StatusCodes.Status503ServiceUnavailable
            );
        }
    }

    private static Task ProblemAsync(HttpContext context, string sentence, int status) =>
        TypedResults.Problem(sentence, statusCode: status).ExecuteAsync(context);

    // The host is this page's own word: the Collector refuses what it does not know.
    private static QueryString Asked(IQueryCollection query) => QueryString.Create(query.Where(pair => pair.Key != Links.HostName));
}
