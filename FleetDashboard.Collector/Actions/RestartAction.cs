using FleetDashboard.Collector.Actions.Recreate;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions;

/// <summary>The engine's restart. Afterwards the action watches whether the container stays up.</summary>
internal sealed class RestartAction(EngineClient engine, IOptions<ActionOptions> options, TimeProvider time) : IFleetAction
{
    /// <summary>How long the container is watched. A program that lacks a setting usually exits within this time.</summary>
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    public ActionDescription Description { get; } =
        new(
            ActionNames.Restart,
            "Restart",
            "stop and start again",
            "The container is stopped and started again. It is not available in between. "
                + "It gets its configured stop timeout (usually 10 s), then the engine kills it.",
            "Each container is stopped and started again. It is not available in between. "
                + "It gets its configured stop timeout (usually 10 s), then the engine kills it. "
                + "They run one at a time, dependencies first.",
            IfItFails: null,
            Interrupts: true
        );

    /// <summary>The engine restarts in one call. Cancelling would only end the wait for it.</summary>
    public bool IsHarmless => false;

    public Refusal? Prevents(GuardCase container) => Preventions.OfState(container.Facts) ?? Preventions.OfRestart(container);

    public TimeSpan DeadlineFor(ActionTarget target) => options.Value.RestartDeadline + WaitLimits.Stop(target.Facts.StopTimeout);

    public async Task<ActionResult> RunAsync(ActionTarget target, IJobProgress progress, CancellationToken cancellationToken)
    {
        progress.Step($"Inspecting {target.Name}.");
        if (await engine.InspectAsync(target.Id, cancellationToken) is not { } before)
        {
            return new ActionResult(false, $"{target.Name} no longer exists.");
        }

        progress.Step($"Restarting {target.Name}. Its stop timeout is {Seconds(before.StopTimeout)}.");
        if (await engine.RestartAsync(target.Id, DeadlineFor(target), cancellationToken) is { } refusal)
        {
            return new ActionResult(false, $"The engine did not restart {target.Name}: {refusal.TrimEnd('.')}.", before.ImageId);
        }

        progress.Step($"Checking that {target.Name} stays up.");
        return await WatchAsync(target, before, cancellationToken);
    }

    private async Task<ActionResult> WatchAsync(ActionTarget target, ContainerFacts before, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var now = await engine.InspectAsync(target.Id, cancellationToken);
            if (now is null)
            {
                return new ActionResult(false, $"{target.Name} was restarted and then removed.", before.ImageId);
            }

            if (now is { IsRunning: true, RestartCount: > 0 })
            {
                return new ActionResult(
                    false,
                    $"{target.Name} was restarted and exited at once. The engine has started it again. See its log.",
                    before.ImageId
                );
            }

            if (!now.IsRunning)
            {
                return new ActionResult(
                    false,
                    $"{target.Name} was restarted and exited at once with code {now.ExitCode}"
                        + $"{(now.Error.Length > 0 ? $" ({now.Error})" : "")}. See its log.",
                    before.ImageId
                );
            }

            if (now.StartedAt == before.StartedAt)
            {
                return new ActionResult(
                    false,
                    $"The engine reported a restart of {target.Name}, but its start time did not change.",
                    before.ImageId
                );
            }

            if (time.GetElapsedTime(began) >= Watched)
            {
                return new ActionResult(
                    true,
                    now.Healthcheck == "starting"
                        ? $"{target.Name} runs again. Its health check has not reported yet."
                        : $"{target.Name} runs again.",
                    before.ImageId,
                    now.ImageId
                );
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }

    private static string Seconds(TimeSpan time) => time < TimeSpan.Zero ? "unlimited" : $"{time.TotalSeconds:0.#} s";
}
