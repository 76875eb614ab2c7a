using System.Text;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// Saves the last log lines of a new container that failed. They show the reason, and the container is about to be removed.
/// </summary>
internal sealed class FailedContainerLog(EngineLogs logs, TimeProvider time)
{
    private const int Lines = 30;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>Copies them into the job's output. A read failure never blocks the rollback.</summary>
    public async Task CopyAsync(string container, bool terminal, IJobProgress progress)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        try
        {
            var window = new LogWindow(Stdout: true, Stderr: true, Lines, Since: null, Until: null, Follow: false);
            if (await logs.OpenAsync(container, terminal, window, deadline.Token) is not LogOpening.Opened { Stream: var stream })
            {
                return;
            }

            using var batch = new LogBatch();
            using (stream)
            {
                while (await stream.Reader.FillAsync(batch, deadline.Token))
                {
                    Copy(batch, progress);
                }

                Copy(batch, progress);
            }
        }
        catch (Exception unread) when (unread is IOException or EngineException or OperationCanceledException)
        {
            progress.Line("(The log of the new container could not be read.)");
        }
    }

    private static void Copy(LogBatch batch, IJobProgress progress)
    {
        foreach (var line in batch.Lines)
        {
            progress.Line(Encoding.UTF8.GetString(batch.TextOf(line)));
        }

        batch.Clear();
    }
}
