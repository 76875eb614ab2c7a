using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Activity;

/// <summary>The audit trail as a download: the Collector's stream, passed on as it arrives. Requested with the user's own token.</summary>
internal static class TrailExport
{
    public const string Route = "/activity/export";

    private const string FormatName = "format";

    // The formats of the Collector's route with their content types. The first is the default.
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
                $"Each host has its own audit trail. Add {Links.HostName} with the name of one of the fleet's hosts.",
                StatusCodes.Status400BadRequest
            );
            return;
        }
        var asked = context.Request.Query[FormatName].ToString();
        if (
            Array.Find(Formats, one => one.Format == asked || asked.Length == 0) is not { Format: { } format, ContentType: var contentType }
        )
        {
            await ProblemAsync(context, "This format is not supported. Set format to jsonl or csv.", StatusCodes.Status400BadRequest);
            return;
        }
        using var limit = new CancellationTokenSource(FirstByte, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        try
        {
            // The Collector validates the filters and names the invalid one.
            using var request = new HttpRequestMessage(
                HttpMethod.Get,
                new Uri(host.Collector, CollectorRoutes.AuditExport + PassedOn(context.Request.Query))
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
            context.Abort(); // The browser must see a broken download, not a complete file.
        }
        catch (Exception ex)
            when (ex is HttpRequestException or IOException or JsonException or OperationCanceledException
                && !context.RequestAborted.IsCancellationRequested
            )
        {
            await ProblemAsync(
                context,
                "The audit trail could not be downloaded. "
                    + (ex is OperationCanceledException ? FeedErrors.Late : FeedErrors.Describe(ex)),
                StatusCodes.Status503ServiceUnavailable
            );
        }
    }

    private static Task ProblemAsync(HttpContext context, string sentence, int status) =>
        TypedResults.Problem(sentence, statusCode: status).ExecuteAsync(context);

    // The host parameter is for this page only. The Collector rejects parameters that it does not define.
    private static QueryString PassedOn(IQueryCollection query) => QueryString.Create(query.Where(pair => pair.Key != Links.HostName));
}
