using System.Net;
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

/// <summary>Runs one command inside a container, as the container's own user, without a terminal, and reads what it says.</summary>
internal static class EngineExec
{
    /// <summary>So many bytes of each stream are kept; the rest is read and forgotten, so that the command can end.</summary>
    public const int Cap = 64 * 1024;

    private static readonly TimeSpan EndPoll = TimeSpan.FromMilliseconds(50);

    /// <summary>Null where the container is gone or does not run.</summary>
    public static async Task<ExecAnswer?> RunAsync(
        DockerClient docker, string id, IReadOnlyList<string> command, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var exec = await docker.Exec.CreateContainerExecAsync(
                id, new ContainerExecCreateParameters { AttachStdout = true, AttachStderr = true, Cmd = [.. command] }, cancellationToken);
            using var stream = await docker.Exec.StartContainerExecAsync(exec.ID, new ContainerExecStartParameters(), cancellationToken);
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
        catch (DockerApiException refused) when (refused.StatusCode is HttpStatusCode.BadRequest)
        {
            // A program that is not in the image is the command's failure, not the engine's.
            return new ExecAnswer(127, "", refused.ResponseBody ?? "", Truncated: false);
        }
    }

    private static async Task<(string Output, string Errors, bool Truncated)> ReadAsync(MultiplexedStream stream, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        using var errors = new MemoryStream();
        var (buffer, truncated) = (new byte[8 * 1024], false);
        while (true)
        {
            var read = await stream.ReadOutputAsync(buffer, 0, buffer.Length, cancellationToken);
            if (read.EOF)
            {
                return (Text(output), Text(errors), truncated);
            }

            var kept = read.Target == MultiplexedStream.TargetStream.StandardError ? errors : output;
            var room = (int)Math.Min(read.Count, Cap - kept.Length);
            truncated |= room < read.Count;
            kept.Write(buffer, 0, room);
        }
    }

    private static string Text(MemoryStream bytes) => Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
}
