using System.Collections.Immutable;

namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>
/// How containers start, exit and restart: the engine's state machine, with its events and their order as recorded from an engine 20.10.
/// Every method is called under the fleet's lock.
/// </summary>
internal sealed class ContainerLifecycle(ContainerEvents events, ChangeSchedule schedule)
{
    private const int RememberedRuns = 32;
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan GoodRun = TimeSpan.FromSeconds(10);

    /// <summary>Schedules the next change of a container in its initial state, for example its next restart.</summary>
    public void Resume(DemoContainer container, DateTimeOffset now)
    {
        if (container.State.Status == RunStatus.Restarting)
        {
            schedule.Plan(container, now.AddSeconds(5), at => Start(container, at, byHand: false));
        }
    }

    public void Create(DemoContainer container, DateTimeOffset at) => events.Happened(container, "create", at);

    public void Destroy(DemoContainer container, DateTimeOffset at)
    {
        if (container.State.IsUp)
        {
            Kill(container, at, 9);
            Die(container, at, 137);
        }

        // Ensures that nothing scheduled for a removed container happens.
        Change(container, container.State with { Status = RunStatus.Exited });
        events.Happened(container, "destroy", at);
    }

    public void Start(DemoContainer container, DateTimeOffset at, bool byHand)
    {
        var state = container.State;
        events.Network(container, "connect", at);
        Change(
            container,
            new ContainerState
            {
                Status = RunStatus.Running,
                StartedAt = at,
                FinishedAt = state.FinishedAt,
                CountFrom = at,
                Pid = 1000 + (int)(SeededRandom.Roll(container.Plan.Seed, at.Ticks) % 60_000),
                // A start by hand resets the restart count and the back-off.
                RestartCount = byHand ? 0 : state.RestartCount,
                Backoff = byHand ? TimeSpan.Zero : state.Backoff,
                Health = container.Plan.HasHealthcheck ? new HealthState("starting", at) : null,
                Runs = Remember(state.Runs.Add(new Run(at, null, 0))),
            }
        );
        events.Happened(container, "start", at);
        ScheduleNext(container, at);
    }

    public void Kill(DemoContainer container, DateTimeOffset at, int signal)
    {
        events.Happened(container, "kill", at, "signal", signal);
        if (container.State.PausedAt is not null && signal is 9 or 15)
        {
            // A paused process cannot exit, so the engine unpauses it first.
            Unpause(container, at);
        }
    }

    public void Die(DemoContainer container, DateTimeOffset at, int exitCode, bool outOfMemory = false)
    {
        var state = container.State;
        var again = !state.StoppedByHand && Restarts(container.Plan.RestartPolicy, exitCode);
        var ranWell = at - state.StartedAt >= GoodRun;
        var backoff = ranWell || state.Backoff == TimeSpan.Zero ? FirstBackoff : state.Backoff * 2;
        backoff = backoff > LongestBackoff ? LongestBackoff : backoff;
        if (outOfMemory)
        {
            events.Happened(container, "oom", at);
        }

        Change(
            container,
            state with
            {
                Status = again ? RunStatus.Restarting : RunStatus.Exited,
                FinishedAt = at,
                PausedAt = null,
                ExitCode = exitCode,
                OomKilled = outOfMemory,
                Pid = 0,
                RestartCount = again ? state.RestartCount + 1 : state.RestartCount,
                Backoff = backoff,
                // The engine reports a stopped container with a health check as unhealthy.
                Health = state.Health is null ? null : state.Health with { Status = "unhealthy" },
                Runs = Ended(state.Runs, at, exitCode),
            }
        );
        events.Happened(container, "die", at, "exitCode", exitCode);
        events.Network(container, "disconnect", at);
        if (again)
        {
            schedule.Plan(container, at + backoff, due => Start(container, due, byHand: false));
        }
    }

    /// <summary>Cancels the next restart. There is no process to kill, so there are no kill or die events.</summary>
    public static void CancelRestart(DemoContainer container) =>
        Change(container, container.State with { Status = RunStatus.Exited, StoppedByHand = true });

    public static void MarkStoppedByHand(DemoContainer container) => Change(container, container.State with { StoppedByHand = true });

    public void Announce(DemoContainer container, string action, DateTimeOffset at) => events.Happened(container, action, at);

    public void Pause(DemoContainer container, DateTimeOffset at)
    {
        var health = container.State.Health is null ? null : container.State.Health with { Status = "unhealthy" };
        Change(container, container.State with { Status = RunStatus.Paused, PausedAt = at, Health = health });
        events.Happened(container, "pause", at);
    }

    public void Unpause(DemoContainer container, DateTimeOffset at)
    {
        var used = container.CpuSeconds(container.State, at);
        var health = container.State.Health is null ? null : container.State.Health with { Since = at };
        Change(
            container,
            container.State with
            {
                Status = RunStatus.Running,
                PausedAt = null,
                CpuCarried = used,
                CountFrom = at,
                Health = health,
            }
        );
        events.Happened(container, "unpause", at);
        ScheduleNext(container, at);
    }

    // Schedules what a container with this behaviour does next.
    private void ScheduleNext(DemoContainer container, DateTimeOffset at)
    {
        switch (container.Plan.Behavior)
        {
            case Behavior.CrashLoop:
                schedule.Plan(
                    container,
                    at.AddSeconds(SeededRandom.Between(container.Plan.Seed, at.Ticks, 0.4, 1.6)),
                    due => Die(container, due, 3)
                );
                break;
            case Behavior.OutOfMemory:
                schedule.Plan(container, at.AddSeconds(20), due => Die(container, due, 137, outOfMemory: true));
                break;
            case Behavior.Finished:
                schedule.Plan(container, at.AddSeconds(4.2), due => Die(container, due, 0));
                break;
            case Behavior.Unhealthy:
                schedule.Plan(container, at + HealthState.Interval * HealthState.Retries, due => Diagnose(container, due, "unhealthy"));
                break;
            default:
                if (container.Plan.HasHealthcheck)
                {
                    schedule.Plan(container, at + HealthState.Interval, due => Diagnose(container, due, "healthy"));
                }

                break;
        }
    }

    private void Diagnose(DemoContainer container, DateTimeOffset at, string verdict)
    {
        if (container.State.Health is { } health && health.Status != verdict)
        {
            Change(container, container.State with { Health = health with { Status = verdict } });
            events.Happened(container, "health_status: " + verdict, at);
        }
    }

    private static bool Restarts(string policy, int exitCode) =>
        policy switch
        {
            "always" or "unless-stopped" => true,
            "on-failure" => exitCode != 0,
            _ => false,
        };

    private static void Change(DemoContainer container, ContainerState state) =>
        container.State = state with { Generation = container.State.Generation + 1 };

    private static ImmutableArray<Run> Remember(ImmutableArray<Run> runs) => runs.Length > RememberedRuns ? runs.RemoveAt(0) : runs;

    private static ImmutableArray<Run> Ended(ImmutableArray<Run> runs, DateTimeOffset at, int exitCode) =>
        runs.IsEmpty ? runs : runs.SetItem(runs.Length - 1, runs[^1] with { End = at, ExitCode = exitCode });
}
