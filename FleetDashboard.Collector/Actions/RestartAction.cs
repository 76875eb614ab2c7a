using FleetDashboard.Collector.Actions.Recreate;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions;

/// <summary>The engine's restart, and a look afterwards whether the container stays up.</summary>
internal sealed class RestartAction(EngineClient engine, IOptions<ActionOptions> options, TimeProvider time) : IFleetAction
{
    /// <summary>What cannot start for want of a setting ends within this.</summary>
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    public string Name => ActionNames.Restart;

    /// <summary>The engine does it in one go: breaking off would end the waiting only.</summary>
    public bool IsHarmless => false;

    public TimeSpan DeadlineFor(ActionTarget target) => options.Value.RestartDeadline + WaitLimits.Stop(target.Facts.StopTimeout);

    public async Task<ActionResult> RunAsync(ActionTarget target, IJobProgress progress, CancellationToken cancellationToken)
    {
        progress.Step($"Looking at {target.Name}.");
        if (await engine.InspectAsync(target.Id, cancellationToken) is not { } before)
        {
            return new ActionResult(false, $"{target.Name} is gone: it was removed meanwhile.");
        }

        progress.Step($"Restarting {target.Name}: it has {Seconds(before.StopTimeout)} to stop.");
        if (await engine.RestartAsync(target.Id, DeadlineFor(target), cancellationToken) is { } refusal)
        {
            return new ActionResult(false, $"The engine did not restart {target.Name}: {refusal.TrimEnd('.')}.", before.ImageId);
        }

        progress.Step($"Watching whether {target.Name} stays up.");
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
                    $"{target.Name} was restarted and ended again at once; the engine has started it again since: see its log.",
                    before.ImageId
                );
            }

            if (!now.IsRunning)
            {
                return new ActionResult(
                    false,
                    $"{target.Name} was restarted and ended again at once with {now.ExitCode}{(now.Error.Length > 0 ? $" ({now.Error})" : "")}: see its log.",
                    before.ImageId
                );
            }

            if (now.StartedAt == before.StartedAt)
            {
                return new ActionResult(
                    false,
                    $"The engine says that {target.Name} was restarted, but it has been running since before.",
                    before.ImageId
                );
            }

            if (time.GetElapsedTime(began) >= Watched)
            {
                return new ActionResult(
                    true,
                    now.Healthcheck == "starting"
                        ? $"{target.Name} runs again; its healthcheck has yet to say how it is."
                        : $"{target.Name} runs again.",
                    before.ImageId,
                    now.ImageId
                );
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }

    private static string Seconds(TimeSpan time) => time < TimeSpan.Zero ? "as long as it wants" : $"{time.TotalSeconds:0.#} s";
}
