using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace FleetDashboard.Collector.Engine;

/// <summary>What a command said that ran inside a container.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Output">What it wrote on its standard output, up to the cap.</param>
/// <param name="Errors">What it wrote on its standard error, up to the cap.</param>
/// <param name="Truncated">True where it wrote more than the cap.</param>
internal sealed record ExecAnswer(long ExitCode, string Output, string Errors, bool Truncated);

/// <summary>
/// Runs one command inside a container, as the container's own user, without a terminal, and reads what it says. The command is started
/// past
/// the library, which takes over the connection for both directions: nothing is said to the command, so an ordinary answer will do.
/// </summary>
internal static class EngineExec
{
    /// <summary>So many bytes of each stream are kept; the rest is read and forgotten, so that the command can end.</summary>
    public const int Cap = 64 * 1024;

    private const int HeaderBytes = 8;
    private const byte StandardError = 2;

    private static readonly TimeSpan EndPoll = TimeSpan.FromMilliseconds(50);

    /// <summary>Null where the container is gone or does not run.</summary>
    public static async Task<ExecAnswer?> RunAsync(
        DockerClient docker,
        HttpClient http,
        System.Version api,
        string id,
        IReadOnlyList<string> command,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var exec = await docker.Exec.CreateContainerExecAsync(
                id,
                new ContainerExecCreateParameters
                {
                    AttachStdout = true,
                    AttachStderr = true,
                    Cmd = [.. command],
                },
                cancellationToken
            );
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v{api}/exec/{exec.ID}/start");
            request.Content = new StringContent("{}", new MediaTypeHeaderValue("application/json"));
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            switch (response.StatusCode)
            {
                case HttpStatusCode.NotFound or HttpStatusCode.Conflict:
                    return null;
                case HttpStatusCode.BadRequest: // A program that is not in the image is the command's failure, not the engine's.
                    return new ExecAnswer(
                        127,
                        "",
                        (await EngineReader.RefusalAsync(response, "/exec", cancellationToken)).Message,
                        Truncated: false
                    );
            }

            response.EnsureSuccessStatusCode();
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var (output, errors, truncated) = await ReadAsync(stream, cancellationToken);

            // The streams may close a moment before the engine has heard of the end.
            var inspect = await docker.Exec.InspectContainerExecAsync(exec.ID, cancellationToken);
            while (inspect.Running)
            {
                await Task.Delay(EndPoll, time, cancellationToken);
                inspect = await docker.Exec.InspectContainerExecAsync(exec.ID, cancellationToken);
            }

            return new ExecAnswer(inspect.ExitCode ?? -1, output, errors, truncated);
        }
        catch (DockerApiException gone) when (gone.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            return null;
        }
    }

    /// <summary>Takes frames apart (one byte that names the stream, three of nothing, four of length) until the stream ends.</summary>
    internal static async Task<(string Output, string Errors, bool Truncated)> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        using var errors = new MemoryStream();
        var (buffer, truncated) = (new byte[8 * 1024], false);
        while (
            await stream.ReadAtLeastAsync(buffer.AsMemory(0, HeaderBytes), HeaderBytes, throwOnEndOfStream: false, cancellationToken)
            == HeaderBytes
        )
        {
            var kept = buffer[0] == StandardError ? errors : output;
            for (var left = BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(4)); left > 0; )
            {
                var count = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken);
                if (count == 0)
                {
                    return (Text(output), Text(errors), Truncated: true);
                }

                var room = (int)Math.Min(count, Cap - kept.Length);
                truncated |= room < count;
                kept.Write(buffer, 0, room);
                left -= (uint)count;
            }
        }

        return (Text(output), Text(errors), truncated);
    }

    private static string Text(MemoryStream bytes) => Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
}
