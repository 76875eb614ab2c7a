using FleetDashboard.Collector.Logs;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace FleetDashboard.Collector.Api;

/// <summary>Sends one reading to its caller, and ends it at the engine when the caller leaves or the Collector stops.</summary>
internal sealed partial class LogStreamResult(LogTarget subject, LogRequest question, FleetSnapshot fleet) : IResult
{
    public const string Events = "text/event-stream";

    private const string Json = "application/json";
    private const string Subject = "sub";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var user = httpContext.User.FindFirst(Subject)?.Value ?? "";
        var streams = services.GetRequiredService<LogStreams>();
        using var place = streams.TryEnter(user, out var refusal);
        if (place is null)
        {
            await Results.Problem(refusal, statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(httpContext);
            return;
        }

        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        var options = services.GetRequiredService<IOptions<LogOptions>>().Value;
        var events = question.Follow || Accepts(httpContext.Request);
        Begin(httpContext, events);

        using var session = new LogSession(
            subject,
            question,
            services.GetRequiredService<LogDependencies>(),
            streams,
            options,
            services.GetRequiredService<ILogger<LogSession>>()
        );
        using var writer = new LogWriter(
            httpContext.Response.BodyWriter,
            events,
            options.StallAfter,
            services.GetRequiredService<TimeProvider>()
        );
        try
        {
            await httpContext.Response.StartAsync(leaving.Token); // The caller learns that it was accepted before the first line.
            await session.RunAsync(fleet, writer, leaving.Token);
        }
        catch (TimeoutException)
        {
            LogStalled(services.GetRequiredService<ILogger<LogStreamResult>>(), user, options.StallAfter);
            httpContext.Abort();
        }
        catch (Exception) when (leaving.IsCancellationRequested)
        {
            httpContext.Abort(); // An incomplete answer must not look complete.
        }
    }

    private static void Begin(HttpContext context, bool events)
    {
        context.Response.ContentType = events ? Events : Json;
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no"; // Proxies that buffer would hold the lines back.
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        // A slow reader slows only its own reading. StallAfter ends a reader that takes nothing at all.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    private static bool Accepts(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList([.. request.Headers.Accept.OfType<string>()], out var accepted)
        && accepted.Any(type => type.MediaType.Equals(Events, StringComparison.OrdinalIgnoreCase));

    [LoggerMessage(LogLevel.Information, "Ended a stream of logs: {User} has taken nothing for {Span}.")]
    private static partial void LogStalled(ILogger logger, string user, TimeSpan span);
}
