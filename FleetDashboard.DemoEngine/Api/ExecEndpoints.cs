using System.Buffers.Binary;
using System.Text;
using FleetDashboard.DemoEngine.Fleet;

namespace FleetDashboard.DemoEngine.Api;

/// <summary>
/// Runs commands in a container. Any command in a demo database prints the sizes of its databases, as the database client would. In other
/// containers the command is not found. An exec has the id of its container, so nothing must be stored.
/// </summary>
internal static class ExecEndpoints
{
    private const int HeaderBytes = 8;
    private const long Mebibyte = 1024 * 1024;

    public static void MapExec(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/containers/{id}/exec", CreateAsync);
        routes.MapPost("/exec/{id}/start", StartAsync);
        routes.MapGet("/exec/{id}/json", InspectAsync);
    }

    private static Task CreateAsync(HttpContext context, string id, DemoFleet fleet) =>
        fleet.Find(id) switch
        {
            null => context.AnswerNoSuchContainerAsync(id),
            { State.Status: RunStatus.Running } container => context.AnswerJsonAsync(
                json =>
                {
                    json.WriteStartObject();
                    json.WriteString("Id", container.Plan.Id);
                    json.WriteEndObject();
                },
                StatusCodes.Status201Created
            ),
            var container => context.AnswerMessageAsync(StatusCodes.Status409Conflict, $"Container {container.Plan.Id} is not running"),
        };

    private static async Task StartAsync(HttpContext context, string id, DemoFleet fleet, TimeProvider time)
    {
        if (fleet.Find(id) is not { } container)
        {
            await context.AnswerMessageAsync(StatusCodes.Status404NotFound, "No such exec instance: " + id);
            return;
        }

        var text = Encoding.UTF8.GetBytes(DatabaseSizes(container, time.GetUtcNow()) ?? "sh: nothing to run\n");
        var frame = new byte[HeaderBytes + text.Length];
        frame[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), text.Length);
        text.CopyTo(frame, HeaderBytes);

        // Kestrel does not upgrade a request with a body, which this one always has. Only clients that accept an ordinary response are
        // supported.
        context.Response.ContentType = "application/vnd.docker.raw-stream";
        await context.Response.Body.WriteAsync(frame, context.RequestAborted);
    }

    private static Task InspectAsync(HttpContext context, string id, DemoFleet fleet) =>
        fleet.Find(id) is { } container
            ? context.AnswerJsonAsync(json =>
            {
                json.WriteStartObject();
                json.WriteString("ID", container.Plan.Id);
                json.WriteBoolean("Running", false);
                json.WriteNumber("ExitCode", DatabaseSizes(container, default) is null ? 127 : 0);
                json.WriteString("ContainerID", container.Plan.Id);
                json.WriteEndObject();
            })
            : context.AnswerMessageAsync(StatusCodes.Status404NotFound, "No such exec instance: " + id);

    private static string? DatabaseSizes(DemoContainer container, DateTimeOffset now)
    {
        // Each database grows at its own rate: from a few kilobytes to a few megabytes an hour.
        var (plan, dice) = (container.Plan, container.Plan.Seed);
        var hours = Math.Max(0, (now - plan.Created).TotalHours);
        var bytes = (long)(dice % 900 + 20) * Mebibyte + (long)(hours * (dice / 1000 % 4000) * 1024) / 8192 * 8192;
        var name = plan.Name.Split('-', '_')[0];
        return plan.Kind switch
        {
            ContainerKind.Postgres => $"{bytes} {name}\n7708007 postgres\n",
            ContainerKind.MariaDb => $"{bytes}\t{name}\n",
            ContainerKind.Redis => $"# Memory\r\nused_memory:{bytes / 64 + (long)(dice % 977)}\r\n",
            _ => null,
        };
    }
}
