using System.Globalization;
using FleetDashboard.Web.Clients;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace FleetDashboard.Web.Logs;

/// <summary>
/// Serves logs to the page's log viewer, and as a download. Errors are problem details, never a page or a redirect, because a script reads
/// them.
/// </summary>
internal static class LogRelayEndpoints
{
    public static void AddLogs(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CollectorLogClient>();
        builder.Services.AddSingleton<LogRelay>();
        // No timeout for the whole request: it would end a healthy stream. CollectorLogClient limits the time until the headers, and
        // LogRelay ends the stream. The connection is closed without draining the body, so that the Collector stops at once.
        builder
            .Services.AddHttpClient(CollectorLogClient.HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() =>
                new SocketsHttpHandler
                {
                    AllowAutoRedirect = false,
                    UseProxy = false,
                    ConnectTimeout = TimeSpan.FromSeconds(5),
                    MaxResponseDrainSize = 0,
                }
            );
    }

    public static void MapLogs(this IEndpointRouteBuilder routes)
    {
        var logs = routes.MapGroup("/logs").DisableCookieRedirect().WithMetadata(new SkipStatusCodePagesAttribute());
        logs.MapGet(
            "/containers/{id}",
            (string id, HttpContext context, CollectorLogClient source, LogRelay relay) =>
                StreamAsync(source.AddressOfContainer(id), context, source, relay)
        );
        logs.MapGet(
            "/containers/{id}/download",
            (string id, HttpContext context, CollectorLogClient source, LogRelay relay) =>
                DownloadAsync(source.AddressOfContainer(id), source.NameOf(id), context, source, relay)
        );
        foreach (var prefix in new[] { "", "/hosts/{host}" })
        {
            logs.MapGet(
                prefix + "/apps/{app}",
                (string app, HttpContext context, CollectorLogClient source, LogRelay relay) =>
                    StreamAsync(source.AddressOfApp(app, HostIn(context)), context, source, relay)
            );
            logs.MapGet(
                prefix + "/apps/{app}/download",
                (string app, HttpContext context, CollectorLogClient source, LogRelay relay) =>
                    DownloadAsync(source.AddressOfApp(app, HostIn(context)), app, context, source, relay)
            );
        }
    }

    // Only from the path. A "host" in the query would be a second way to name the host.
    private static string? HostIn(HttpContext context) => context.GetRouteValue("host") as string;

    private static Task<Results<EmptyHttpResult, ProblemHttpResult>> StreamAsync(
        Uri? address,
        HttpContext context,
        CollectorLogClient source,
        LogRelay relay
    ) => AnswerAsync(address, context, source, relay, "text/event-stream", relay.CopyAsync);

    private static Task<Results<EmptyHttpResult, ProblemHttpResult>> DownloadAsync(
        Uri? address,
        string name,
        HttpContext context,
        CollectorLogClient source,
        LogRelay relay
    )
    {
        var time = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(string.Create(CultureInfo.InvariantCulture, $"{FileName(name)}-{time:yyyyMMdd-HHmmss}.log"));
        return AnswerAsync(
            address,
            context,
            source,
            relay,
            "text/plain; charset=utf-8",
            (body, response, cancellationToken) =>
            {
                response.Headers.ContentDisposition = disposition.ToString();
                return LogText.WriteAsync(body, response.Body, cancellationToken);
            }
        );
    }

    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> AnswerAsync(
        Uri? address,
        HttpContext context,
        CollectorLogClient source,
        LogRelay relay,
        string contentType,
        Func<Stream, HttpResponse, CancellationToken, Task> send
    )
    {
        if (address is null)
        {
            return TypedResults.Problem(
                "No host of this fleet has this container or app. Open it again from the fleet page.",
                statusCode: StatusCodes.Status404NotFound
            );
        }
        var answer = await source.OpenAsync(address, context.Request.Query, SignedInCaller.From(context.User), context.RequestAborted);
        if (answer is not LogResponse.Open { Response: var upstream })
        {
            var refused = (LogResponse.Failed)answer;
            return TypedResults.Problem(refused.Reason, statusCode: refused.Status);
        }
        using (upstream)
        {
            await relay.WhileSessionValidAsync(
                context,
                async cancellationToken =>
                {
                    RelayedFile.Describe(context.Response, contentType);
                    await using var body = await upstream.Content.ReadAsStreamAsync(cancellationToken);
                    await send(body, context.Response, cancellationToken);
                }
            );
        }
        return TypedResults.Empty;
    }

    // An app's name is untrusted. Replace every character that a file system or a shell could interpret.
    private static string FileName(string name)
    {
        var safe = string.Concat(name.Take(80).Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_')).Trim('.');
        return safe.Length == 0 ? "log" : safe;
    }
}
