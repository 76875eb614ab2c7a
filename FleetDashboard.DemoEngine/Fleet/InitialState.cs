using System.Collections.Immutable;

namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>The initial state of a container: the fleet looks as if it had been running for weeks.</summary>
internal static class InitialState
{
    private static readonly TimeSpan[] CrashBackoffs =
    [
        .. Enumerable.Range(0, 14).Select(i => TimeSpan.FromSeconds(Math.Min(60, 0.1 * Math.Pow(2, i)))),
    ];

    public static ContainerState Create(ContainerPlan plan, DateTimeOffset now)
    {
        // A container that uses another container's network must have started after it. Otherwise it would have lost the network.
        var isGuest = plan.NetworkMode.StartsWith("container:", StringComparison.Ordinal);
        var up = TimeSpan.FromHours(isGuest ? SeededRandom.Between(plan.Seed, 10, 1, 2.9) : SeededRandom.Between(plan.Seed, 10, 3, 700));
        var started = now - up < plan.Created ? plan.Created.AddSeconds(2) : now - up;
        var pid = 1000 + (int)(SeededRandom.Roll(plan.Seed, 11) % 60_000);
        var running = new ContainerState
        {
            Status = RunStatus.Running,
            StartedAt = started,
            CountFrom = started,
            Pid = pid,
            Health = plan.HasHealthcheck ? new HealthState("healthy", started) : null,
            Runs = [new Run(started, null, 0)],
        };

        return plan.Behavior switch
        {
            Behavior.CrashLoop => Crashing(now),
            Behavior.OutOfMemory => Ended(now.AddMinutes(-40) - TimeSpan.FromSeconds(20), now.AddMinutes(-40), 137) with
            {
                OomKilled = true,
            },
            Behavior.Finished => Ended(started, started.AddSeconds(4.2), 0),
            Behavior.Unhealthy => running with { Health = new HealthState("unhealthy", now.AddMinutes(-26)) },
            Behavior.Paused => running with { Status = RunStatus.Paused, PausedAt = now.AddHours(-2) },
            _ => running,
        };
    }

    private static ContainerState Ended(DateTimeOffset started, DateTimeOffset finished, int exitCode) =>
        new()
        {
            Status = RunStatus.Exited,
            StartedAt = started,
            FinishedAt = finished,
            CountFrom = started,
            ExitCode = exitCode,
            Runs = [new Run(started, finished, exitCode)],
        };

    // It has crashed fourteen times, at the intervals of the engine's back-off, and restarts soon.
    private static ContainerState Crashing(DateTimeOffset now)
    {
        var runs = ImmutableArray.CreateBuilder<Run>();
        var end = now.AddSeconds(-55);
        for (var i = CrashBackoffs.Length - 1; i >= 0; i--)
        {
            runs.Insert(0, new Run(end.AddSeconds(-1.2), end, 3));
            end = end.AddSeconds(-1.2) - CrashBackoffs[Math.Max(i - 1, 0)];
        }

        return Ended(runs[^1].Start, now.AddSeconds(-55), 3) with
        {
            Status = RunStatus.Restarting,
            RestartCount = CrashBackoffs.Length,
            Backoff = CrashBackoffs[^1],
            Runs = runs.ToImmutable(),
        };
    }
}
