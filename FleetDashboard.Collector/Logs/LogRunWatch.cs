using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Logs;

/// <summary>Waits for a container to start and to exit, using snapshots only. It makes no requests to the engine.</summary>
internal sealed class LogRunWatch(string id, LogDependencies dependencies)
{
    /// <summary>How long the engine's response may take to end by itself after the container exited.</summary>
    private static readonly TimeSpan EngineEndsWithin = TimeSpan.FromSeconds(1);

    /// <summary>How often a stopped container is inspected again, in case its start was missed.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    /// <summary>Waits until the snapshot shows a new run, or the container was removed.</summary>
    public async Task UntilStartAsync(ContainerFacts down, CancellationToken cancellationToken)
    {
        await foreach (var published in dependencies.Store.WatchAsync(LookAgain, cancellationToken))
        {
            var now = Find(published?.Snapshot);
            if (now is null || (now.StartedAt != down.StartedAt && now.State is "running" or "paused"))
            {
                return;
            }
        }
    }

    /// <summary>
    /// Cancels <paramref name="over"/> when the run has ended. A response may outlive the run in which it was opened and then neither ends
    /// nor returns lines (seen on Docker 20.10 after a restart).
    /// </summary>
    public async Task EndWithRunAsync(ContainerFacts run, CancellationTokenSource over)
    {
        try
        {
            await foreach (var published in dependencies.Store.WatchAsync(LookAgain, over.Token))
            {
                // The snapshot may be older than the inspection of the run, so only newer states count.
                var now = Find(published?.Snapshot);
                if (now?.StartedAt > run.StartedAt)
                {
                    break;
                }

                if (published is not null && (now is null || now.FinishedAt > run.StartedAt))
                {
                    // Usually the response ends by itself, after all lines.
                    await Task.Delay(EngineEndsWithin, dependencies.Time, over.Token);
                    break;
                }
            }

            await over.CancelAsync();
        }
        catch (Exception) when (over.IsCancellationRequested)
        {
            // The response ended first.
        }
    }

    private ContainerSnapshot? Find(FleetSnapshot? fleet) =>
        fleet?.Apps.SelectMany(app => app.Containers).FirstOrDefault(container => container.Id == id);
}
