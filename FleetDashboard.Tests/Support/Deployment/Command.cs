using System.Diagnostics;

namespace FleetDashboard.Tests.Support.Deployment;

/// <summary>Runs another program until it exits. If it fails, the exception contains all its output.</summary>
internal static class Command
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    public static Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(program, arguments, new Dictionary<string, string>(), cancellationToken);

    public static Task<string> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken
    ) => RunAsync(program, arguments, environment, Stream.Null, Stream.Null, cancellationToken);

    /// <summary>The same, with bytes as input and output.</summary>
    public static async Task<string> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        Stream input,
        Stream output,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Deadline);
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        try
        {
            using var said = new MemoryStream();
            var reading = process.StandardOutput.BaseStream.CopyToAsync(output == Stream.Null ? said : output, limit.Token);
            var complaining = process.StandardError.ReadToEndAsync(limit.Token);
            await input.CopyToAsync(process.StandardInput.BaseStream, limit.Token);
            process.StandardInput.Close();
            await reading;
            var complaints = await complaining;
            await process.WaitForExitAsync(limit.Token);
            var text = System.Text.Encoding.UTF8.GetString(said.ToArray());
            return process.ExitCode == 0
                ? text.Trim()
                : throw new InvalidOperationException(
                    $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{text}{complaints}"
                );
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
