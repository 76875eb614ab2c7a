using System.Net.Http.Headers;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Activity;

/// <summary>The audit trail as a file: the Collector's own stream, passed on as it comes, asked for with the user's token.</summary>
internal static class TrailExport
{
    public const string Route = "/activity/export";

    private static readonly TimeSpan FirstByte = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Whole = TimeSpan.FromMinutes(10);

    public static void MapTrailExport(this IEndpointRouteBuilder routes) => routes.MapGet(Route, ExportAsync);

    private static async Task ExportAsync(
        HttpContext context, IHttpClientFactory clients, FleetHosts hosts, CollectorTokens tokens, TimeProvider time)
    {
        var view = hosts.Current;
        if ((view.IsSeveral ? view.Host(context.Request.Query[Links.HostName]) : view.Hosts.FirstOrDefault()) is not { } host)
        {
            await TypedResults.Problem($"Say whose trail: add {Links.HostName} with the name of one of the fleet's hosts.", statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
            return;
        }
        using var limit = new CancellationTokenSource(FirstByte, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        try
        {
            // The Collector checks the filters and names the one that is wrong.
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Collector, CollectorRoutes.AuditExport + Asked(context.Request.Query)));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.For(Caller.Of(context.User, context.Connection.RemoteIpAddress?.ToString())));
            using var client = clients.CreateClient(HostFeed.HttpClientName);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            limit.CancelAfter(Whole);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            context.Response.Headers.ContentDisposition = answer.Content.Headers.ContentDisposition?.ToString();
            context.Response.Headers.CacheControl = "no-store";
            await answer.Content.CopyToAsync(context.Response.Body, either.Token);
        }
        catch (Exception) when (context.Response.HasStarted)
        {
            context.Abort(); // So that the browser sees a file that broke off, not one that is complete.
        }
        catch (Exception ex) when (ex is HttpRequestException or OperationCanceledException && !context.RequestAborted.IsCancellationRequested)
        {
            await TypedResults.Problem($"The trail cannot be had as a file. {(ex is OperationCanceledException ? FeedErrors.Late : FeedErrors.Of(ex))}", statusCode: StatusCodes.Status502BadGateway)
                .ExecuteAsync(context);
        }
    }

    // The host is this page's own word: the Collector refuses what it does not know.
    private static QueryString Asked(IQueryCollection query) => QueryString.Create(query.Where(pair => pair.Key != Links.HostName));
}
