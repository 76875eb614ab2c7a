using FleetDashboard.Collector.Logs;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace FleetDashboard.Collector.Api;

/// <summary>Hands one reading to its caller, and ends it at the engine as soon as the caller leaves or the Collector stops.</summary>
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
            await httpContext.Response.StartAsync(leaving.Token); // The caller knows that it is let in before there is a line.
            await session.RunAsync(fleet, writer, leaving.Token);
        }
        catch (TimeoutException)
        {
            LogStalled(services.GetRequiredService<ILogger<LogStreamResult>>(), user, options.StallAfter);
            httpContext.Abort();
        }
        catch (Exception) when (leaving.IsCancellationRequested)
        {
            httpContext.Abort(); // Half an answer must not look like a whole one.
        }
    }

    private static void Begin(HttpContext context, bool events)
    {
        context.Response.ContentType = events ? Events : Json;
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no"; // Proxies that buffer would hold the lines back.
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        // A slow reader slows its own reading and nothing else; one that takes nothing at all is ended by StallAfter.
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
