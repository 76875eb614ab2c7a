using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Logs;

/// <summary>Waits, on the snapshot, for one container's runs to begin and to end. The engine is not asked.</summary>
internal sealed class LogRunWatch(string id, LogDependencies ways)
{
    /// <summary>So long after the end of a run the engine's answer has time to end by itself.</summary>
    private static readonly TimeSpan EngineEndsWithin = TimeSpan.FromSeconds(1);

    /// <summary>The longest without a look at the container while it is down, in case its start was missed.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    /// <summary>Until the snapshot tells of another run, or of none any more.</summary>
    public async Task UntilStartAsync(ContainerFacts down, CancellationToken cancellationToken)
    {
        await foreach (var published in ways.Store.WatchAsync(LookAgain, cancellationToken))
        {
            var now = Find(published?.Snapshot);
            if (now is null || (now.StartedAt != down.StartedAt && now.State is "running" or "paused"))
            {
                return;
            }
        }
    }

    /// <summary>
    /// Cancels <paramref name="over"/> when the run is. An answer may outlive the run it was opened in, and then never ends nor tells of
    /// more
    /// (seen on 20.10 after a restart).
    /// </summary>
    public async Task EndWithRunAsync(ContainerFacts run, CancellationTokenSource over)
    {
        try
        {
            await foreach (var published in ways.Store.WatchAsync(LookAgain, over.Token))
            {
                // The snapshot may be older than what the engine has just said of the run: only what came after it counts.
                var now = Find(published?.Snapshot);
                if (now?.StartedAt > run.StartedAt)
                {
                    break;
                }

                if (published is not null && (now is null || now.FinishedAt > run.StartedAt))
                {
                    await Task.Delay(EngineEndsWithin, ways.Time, over.Token); // Mostly it ends by itself, and has told all.
                    break;
                }
            }

            await over.CancelAsync();
        }
        catch (Exception) when (over.IsCancellationRequested)
        {
            // The answer ended first.
        }
    }

    private ContainerSnapshot? Find(FleetSnapshot? fleet) =>
        fleet?.Apps.SelectMany(app => app.Containers).FirstOrDefault(container => container.Id == id);
}
