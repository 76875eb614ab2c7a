using System.Globalization;
using FleetDashboard.DemoEngine.Fleet;
using FleetDashboard.DemoEngine.Hosting;
using FleetDashboard.DemoEngine.Logs;

namespace FleetDashboard.DemoEngine.Api;

internal static class DemoLogEndpoints
{
    private static readonly TimeSpan FollowEvery = TimeSpan.FromMilliseconds(250);

    public static void MapLogs(this IEndpointRouteBuilder routes) => routes.MapGet("/containers/{id}/logs", LogsAsync);

    private static async Task LogsAsync(HttpContext context, string id, DemoFleet fleet, StreamEnds ends, TimeProvider time)
    {
        if (fleet.Find(id) is not { } container)
        {
            await context.AnswerNoSuchContainerAsync(id);
            return;
        }

        if (!DemoLogQuery.TryRead(context.Request.Query, out var question, out var mistake))
        {
            await context.AnswerMessageAsync(StatusCodes.Status400BadRequest, mistake);
            return;
        }

        using var end = ends.Link(context);
        try
        {
            // Read before the headers are sent: a client that has received them may stop the container at once, and that exit belongs to
            // this stream.
            var state = container.State;
            var now = time.GetUtcNow();
            await context.Response.StartAsync(end.Token);
            await WriteAsync(context, question, container, GeneratedLog.Backwards(container, now, question.Tail), end.Token);

            // A stopped container has nothing to follow, so the engine closes the stream.
            if (question.Follow && state.IsUp)
            {
                await FollowAsync(context, question, container, state.StartedAt, now, time, end.Token);
            }
        }
        catch (OperationCanceledException) when (end.Token.IsCancellationRequested)
        {
            // A broken stream, not a finished one, as when a daemon stops.
            context.Abort();
        }
    }

    private static async Task FollowAsync(
        HttpContext context,
        DemoLogQuery question,
        DemoContainer container,
        DateTimeOffset? run,
        DateTimeOffset from,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        using var timer = new PeriodicTimer(FollowEvery, time);
        bool goesOn;
        do
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            var state = container.State;
            goesOn = state.IsUp && state.StartedAt == run;
            var now = time.GetUtcNow();
            var (since, ended) = (from, question.Until < now);
            // Lines of the next run belong to the next stream.
            var last = goesOn ? now : state.Runs.FirstOrDefault(past => past.Start == run).End ?? now;
            var fresh = GeneratedLog.Backwards(container, last).TakeWhile(line => line.At > since);
            await WriteAsync(context, question, container, fresh, cancellationToken);
            from = now;
            if (ended)
            {
                return;
            }
        } while (goesOn);
    }

    // The engine applies the tail first and then filters by time and stream, so fewer lines than requested may be returned.
    private static async Task WriteAsync(
        HttpContext context,
        DemoLogQuery question,
        DemoContainer container,
        IEnumerable<DemoLogLine> newestFirst,
        CancellationToken cancellationToken
    )
    {
        var earliest = question.Since ?? DateTimeOffset.MinValue;
        foreach (var line in newestFirst.TakeWhile(line => line.At >= earliest).Reverse())
        {
            if (!(line.At > question.Until) && (line.IsError ? question.Stderr : question.Stdout))
            {
                LogFrames.Write(context.Response.BodyWriter, line, question.Timestamps, framed: !container.Plan.Tty);
                if (context.Response.BodyWriter.UnflushedBytes > 32 * 1024)
                {
                    await context.Response.BodyWriter.FlushAsync(cancellationToken);
                }
            }
        }

        await context.Response.BodyWriter.FlushAsync(cancellationToken);
    }
}

internal sealed record DemoLogQuery(
    bool Stdout,
    bool Stderr,
    bool Follow,
    bool Timestamps,
    int Tail,
    DateTimeOffset? Since,
    DateTimeOffset? Until
)
{
    public static bool TryRead(IQueryCollection query, out DemoLogQuery question, out string mistake)
    {
        var (stdout, stderr) = (EngineBoolean.Parse(query["stdout"]), EngineBoolean.Parse(query["stderr"]));
        // Any text that is not a number means all.
        var tail = int.TryParse(query["tail"], NumberStyles.None, CultureInfo.InvariantCulture, out var lines) ? lines : int.MaxValue;
        mistake = "";
        if (!EngineTime.TryParse(query["since"], out var since) || !EngineTime.TryParse(query["until"], out var until))
        {
            mistake = $"strconv.ParseInt: parsing \"{query["since"]}{query["until"]}\": invalid syntax";
            (since, until) = (null, null);
        }
        else if (!stdout && !stderr)
        {
            mistake = "Bad parameters: you must choose at least one stream";
        }

        question = new DemoLogQuery(
            stdout,
            stderr,
            EngineBoolean.Parse(query["follow"]),
            EngineBoolean.Parse(query["timestamps"]),
            tail,
            since,
            until
        );
        return mistake.Length == 0;
    }
}
