using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Docker.DotNet.Models;

namespace FleetDashboard.Collector.Engine;

/// <summary>The output of a command that ran inside a container.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output, up to the cap.</param>
/// <param name="Errors">Its standard error, up to the cap.</param>
/// <param name="Truncated">True where it wrote more than the cap.</param>
internal sealed record ExecAnswer(long ExitCode, string Output, string Errors, bool Truncated);

/// <summary>
/// Runs one command inside a container, as the container's own user, without a terminal, and reads its output. The start is a raw call: the
/// client library would take over the connection for both directions, and nothing is sent to the command.
/// </summary>
internal static class EngineExec
{
    /// <summary>Bytes of each stream that are kept. The rest is read and dropped, so that the command can end.</summary>
    public const int Cap = 64 * 1024;

    private const int NotFoundExitCode = 127;

    private static readonly TimeSpan EndPoll = TimeSpan.FromMilliseconds(50);

    /// <summary>Null where the container is gone or does not run.</summary>
    public static async Task<ExecAnswer?> RunAsync(
        EngineChannel channel,
        string id,
        IReadOnlyList<string> command,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var exec = await channel.Docker.Exec.CreateContainerExecAsync(
                id,
                new ContainerExecCreateParameters
                {
                    AttachStdout = true,
                    AttachStderr = true,
                    Cmd = [.. command],
                },
                cancellationToken
            );
            return await StartAsync(channel, exec.ID, time, cancellationToken);
        }
        catch (EngineRefusal gone) when (gone.Status is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            return null;
        }
    }

    private static async Task<ExecAnswer> StartAsync(
        EngineChannel channel,
        string exec,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/exec/{exec}/start");
        request.Content = new StringContent("{}", new MediaTypeHeaderValue("application/json"));
        string output,
            errors;
        bool truncated;
        try
        {
            using var response = await channel.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            (output, errors, truncated) = await ReadAsync(stream, cancellationToken);
        }
        catch (EngineRefusal refusal) when (refusal.Status == HttpStatusCode.BadRequest)
        {
            // A program that is missing in the image is the command's failure, and not the engine's.
            return new ExecAnswer(NotFoundExitCode, "", refusal.Message, Truncated: false);
        }

        // The streams may close a moment before the engine has noticed the end.
        var inspect = await channel.Docker.Exec.InspectContainerExecAsync(exec, cancellationToken);
        while (inspect.Running)
        {
            await Task.Delay(EndPoll, time, cancellationToken);
            inspect = await channel.Docker.Exec.InspectContainerExecAsync(exec, cancellationToken);
        }

        return new ExecAnswer(inspect.ExitCode ?? -1, output, errors, truncated);
    }

    /// <summary>Reads frames until the stream ends.</summary>
    internal static async Task<(string Output, string Errors, bool Truncated)> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        using var errors = new MemoryStream();
        var (buffer, frames) = (new byte[8 * 1024], new StreamFrames());
        var (left, truncated) = (0L, false);
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            Read(buffer.AsSpan(0, count));
        }

        return (Text(output), Text(errors), truncated || left > 0);

        void Read(ReadOnlySpan<byte> rest)
        {
            while (!rest.IsEmpty)
            {
                if (left == 0)
                {
                    left = frames.TryReadHeader(ref rest) ? frames.Length : 0;
                    continue;
                }

                var piece = rest[..(int)Math.Min(left, rest.Length)];
                var kept = frames.IsError ? errors : output;
                var room = (int)Math.Min(piece.Length, Cap - kept.Length);
                kept.Write(piece[..room]);
                truncated |= room < piece.Length;
                left -= piece.Length;
                rest = rest[piece.Length..];
            }
        }
    }

    private static string Text(MemoryStream bytes) => Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
}
