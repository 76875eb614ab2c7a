using Microsoft.Extensions.Options;

namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>What the engine's POST routes do, with its answers, word for word.</summary>
internal sealed class FleetActions(DemoFleet fleet, IOptions<DemoOptions> options, TimeProvider time)
{
    private static readonly EngineActionResult Done = new(StatusCodes.Status204NoContent);
    private static readonly EngineActionResult NotModified = new(StatusCodes.Status304NotModified);

    public EngineActionResult Start(DemoContainer container)
    {
        lock (fleet.Gate)
        {
            switch (container.State.Status)
            {
                case RunStatus.Paused:
                    return Conflict("cannot start a paused container, try unpause instead");
                case RunStatus.Running or RunStatus.Restarting:
                    return NotModified;
                default:
                    fleet.Lives.Start(container, time.GetUtcNow(), byHand: true);
                    return Done;
            }
        }
    }

    public async Task<EngineActionResult> StopAsync(DemoContainer container, CancellationToken cancellationToken)
    {
        if (!BeginStop(container))
        {
            return NotModified;
        }

        await FinishStopAsync(container, cancellationToken);
        return Done;
    }

    public async Task<EngineActionResult> RestartAsync(DemoContainer container, CancellationToken cancellationToken)
    {
        if (BeginStop(container))
        {
            await FinishStopAsync(container, cancellationToken);
        }

        lock (fleet.Gate)
        {
            var now = time.GetUtcNow();
            if (!container.State.IsUp)
            {
                fleet.Lives.Start(container, now, byHand: true);
            }

            fleet.Lives.Announce(container, "restart", now);
        }

        return Done;
    }

    public EngineActionResult Kill(DemoContainer container, int signal)
    {
        lock (fleet.Gate)
        {
            var now = time.GetUtcNow();
            switch (container.State.Status)
            {
                case RunStatus.Restarting:
                    Lives.GiveUp(container);
                    return Done;
                case RunStatus.Created or RunStatus.Exited:
                    return Conflict($"Cannot kill container: {container.Plan.Name}: Container {container.Plan.Id} is not running");
            }

            fleet.Lives.Kill(container, now, signal);
            if (signal is 9 or 15 or 2)
            {
                Lives.MarkStoppedByHand(container);
                fleet.Lives.Die(container, now, 128 + signal);
            }

            return Done;
        }
    }

    public EngineActionResult Pause(DemoContainer container)
    {
        lock (fleet.Gate)
        {
            switch (container.State.Status)
            {
                case RunStatus.Paused:
                    return Conflict($"Container {container.Plan.Id} is already paused");
                case RunStatus.Restarting:
                    return Conflict($"Container {container.Plan.Id} is restarting, wait until the container is running");
                case RunStatus.Running:
                    fleet.Lives.Pause(container, time.GetUtcNow());
                    return Done;
                default:
                    return Conflict($"Container {container.Plan.Id} is not running");
            }
        }
    }

    public EngineActionResult Unpause(DemoContainer container)
    {
        lock (fleet.Gate)
        {
            if (container.State.Status != RunStatus.Paused)
            {
                // 500, not 409: so says the engine.
                return new EngineActionResult(StatusCodes.Status500InternalServerError, $"Container {container.Plan.Id} is not paused");
            }

            fleet.Lives.Unpause(container, time.GetUtcNow());
            return Done;
        }
    }

    /// <summary>A crash, as if the process had failed by itself: the restart policy applies.</summary>
    public void Crash(DemoContainer container, int exitCode)
    {
        lock (fleet.Gate)
        {
            if (container.State.Status == RunStatus.Running)
            {
                fleet.Lives.Die(container, time.GetUtcNow(), exitCode, outOfMemory: exitCode == 137);
            }
        }
    }

    private bool BeginStop(DemoContainer container)
    {
        lock (fleet.Gate)
        {
            if (container.State.Status == RunStatus.Restarting)
            {
                Lives.GiveUp(container);
                return true;
            }

            if (!container.State.IsUp)
            {
                return false;
            }

            fleet.Lives.Kill(container, time.GetUtcNow(), 15);
            Lives.MarkStoppedByHand(container);
            return true;
        }
    }

    private async Task FinishStopAsync(DemoContainer container, CancellationToken cancellationToken)
    {
        var startedAt = container.State.StartedAt;
        if (container.State.IsUp && options.Value.StopTakes > TimeSpan.Zero)
        {
            await Task.Delay(options.Value.StopTakes, time, cancellationToken);
        }

        lock (fleet.Gate)
        {
            var now = time.GetUtcNow();
            // Another caller may have ended this run, and even begun the next one, in the meantime.
            if (container.State.IsUp && container.State.StartedAt == startedAt)
            {
                fleet.Lives.Die(container, now, 0);
            }

            fleet.Lives.Announce(container, "stop", now);
        }
    }

    private static EngineActionResult Conflict(string message) => new(StatusCodes.Status409Conflict, message);
}

internal readonly record struct EngineActionResult(int Status, string? Message = null);
