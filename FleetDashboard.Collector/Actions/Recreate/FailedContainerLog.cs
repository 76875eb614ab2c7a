using System.Text;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>The last lines of a container that did not become well: it is removed with them in a moment, and they are the reason.</summary>
internal sealed class FailedContainerLog(EngineLogs logs, TimeProvider time)
{
    private const int Lines = 30;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>Tells them as lines of the job. What cannot be read keeps nobody from going back.</summary>
    public async Task TellAsync(string container, bool terminal, IJobProgress progress)
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
                    Tell(batch, progress);
                }

                Tell(batch, progress);
            }
        }
        catch (Exception unread) when (unread is IOException or EngineException or OperationCanceledException)
        {
            progress.Line("(The last lines of the new container could not be read.)");
        }
    }

    private static void Tell(LogBatch batch, IJobProgress progress)
    {
        foreach (var line in batch.Lines)
        {
            progress.Line(Encoding.UTF8.GetString(batch.TextOf(line)));
        }

        batch.Clear();
    }
}
