using Microsoft.Extensions.Options;

namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>The engine's POST routes, with its exact responses.</summary>
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
                    fleet.Lifecycle.Start(container, time.GetUtcNow(), byHand: true);
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
                fleet.Lifecycle.Start(container, now, byHand: true);
            }

            fleet.Lifecycle.Announce(container, "restart", now);
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
                    ContainerLifecycle.CancelRestart(container);
                    return Done;
                case RunStatus.Created or RunStatus.Exited:
                    return Conflict($"Cannot kill container: {container.Plan.Name}: Container {container.Plan.Id} is not running");
            }

            fleet.Lifecycle.Kill(container, now, signal);
            if (signal is 9 or 15 or 2)
            {
                ContainerLifecycle.MarkStoppedByHand(container);
                fleet.Lifecycle.Die(container, now, 128 + signal);
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
                    fleet.Lifecycle.Pause(container, time.GetUtcNow());
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
                // 500, not 409, as the engine does.
                return new EngineActionResult(StatusCodes.Status500InternalServerError, $"Container {container.Plan.Id} is not paused");
            }

            fleet.Lifecycle.Unpause(container, time.GetUtcNow());
            return Done;
        }
    }

    /// <summary>A crash, as if the process had failed by itself. The restart policy applies.</summary>
    public void Crash(DemoContainer container, int exitCode)
    {
        lock (fleet.Gate)
        {
            if (container.State.Status == RunStatus.Running)
            {
                fleet.Lifecycle.Die(container, time.GetUtcNow(), exitCode, outOfMemory: exitCode == 137);
            }
        }
    }

    private bool BeginStop(DemoContainer container)
    {
        lock (fleet.Gate)
        {
            if (container.State.Status == RunStatus.Restarting)
            {
                ContainerLifecycle.CancelRestart(container);
                return true;
            }

            if (!container.State.IsUp)
            {
                return false;
            }

            fleet.Lifecycle.Kill(container, time.GetUtcNow(), 15);
            ContainerLifecycle.MarkStoppedByHand(container);
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
            // Another caller may have ended this run, and even started the next one, in the meantime.
            if (container.State.IsUp && container.State.StartedAt == startedAt)
            {
                fleet.Lifecycle.Die(container, now, 0);
            }

            fleet.Lifecycle.Announce(container, "stop", now);
        }
    }

    private static EngineActionResult Conflict(string message) => new(StatusCodes.Status409Conflict, message);
}

internal readonly record struct EngineActionResult(int Status, string? Message = null);
