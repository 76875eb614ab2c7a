using System.Text.RegularExpressions;
using FleetDashboard.Collector.Actions.Recreate;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions.Rebuild;

/// <summary>Builds a container's image from its sources, then recreates the container from it.</summary>
internal sealed partial class RebuildAction(
    BuildRoots roots,
    EngineBuild engine,
    RegistryCredentials credentials,
    Recreation recreation,
    RecreateRecovery recovery,
    IOptions<ActionOptions> options
) : IFleetAction, IRecoverable
{
    private const long Megabyte = 1024 * 1024;

    public ActionDescription Description { get; } =
        new(
            ActionNames.Rebuild,
            "Rebuild",
            "build the image, then recreate",
            "The image is built first. Then the container is stopped and recreated from it. Settings, networks and volumes are kept.",
            "Each image is built first. Then its container is stopped and recreated from it. Settings, networks and volumes are kept. "
                + "They run one at a time, dependencies first.",
            IfItFails: Recreation.IfItFails,
            Interrupts: true
        );

    public bool IsHarmless => false;

    public Refusal? Prevents(GuardCase container) =>
        Preventions.OfState(container.Facts) ?? Preventions.OfRecreate(container) ?? container.WhyNotBuilt;

    public TimeSpan DeadlineFor(ActionTarget target) => Recreation.DeadlineFor(target.Facts, options.Value.RebuildDeadline);

    public async Task<ActionResult> RunAsync(ActionTarget target, IJobProgress progress, CancellationToken cancellationToken)
    {
        if (target.Build is not { } plan)
        {
            return new ActionResult(false, "Neither fleet.yaml nor a Compose file defines a build for it any more.");
        }

        try
        {
            var (context, dockerfile) = roots.Resolve(plan);
            progress.Step($"Building {target.Facts.Image} from {plan.Context}.");
            using var sources = new BuildContext(context, dockerfile, options.Value.BuildContextMegabytes * Megabyte);
            var error = await BuildAsync(target, plan, dockerfile, sources, progress, cancellationToken);
            if (error is not null)
            {
                return new ActionResult(
                    false,
                    $"The build failed: {error.TrimEnd('.')}. The container was not touched.",
                    target.Facts.ImageId,
                    target.Facts.ImageId
                );
            }
        }
        catch (Exception refused) when (refused is BuildRefusedException || refused.InnerException is BuildRefusedException)
        {
            return new ActionResult(
                false,
                (refused as BuildRefusedException ?? refused.InnerException)!.Message,
                target.Facts.ImageId,
                target.Facts.ImageId
            );
        }

        return await recreation.RunAsync(target.Id, progress, cancellationToken);
    }

    public Task<string?> RecoverAsync(AuditRecord intent, CancellationToken cancellationToken) =>
        recovery.RunAsync(intent, cancellationToken);

    private async Task<string?> BuildAsync(
        ActionTarget target,
        BuildPlan plan,
        string dockerfile,
        BuildContext sources,
        IJobProgress progress,
        CancellationToken cancellationToken
    )
    {
        string? error = null;
        var access = await credentials.ForBuildsAsync(cancellationToken);
        var request = new BuildRequest(target.Facts.Image, dockerfile, plan.Args, plan.Target, plan.Labels, access.Header);
        await foreach (var message in engine.BuildAsync(request, sources, cancellationToken))
        {
            error ??= message.Error;
            foreach (
                var line in (message.Stream ?? Status(message) ?? message.Error ?? "").Split('\n').Where(line => line.Trim().Length > 0)
            )
            {
                progress.Line(line.TrimEnd());
                if (Step().Match(line) is { Success: true } step)
                {
                    progress.Step(line.Trim(), (double.Parse(step.Groups[1].ValueSpan) - 1) / double.Parse(step.Groups[2].ValueSpan));
                }
            }
        }

        return error;
    }

    // A base image is being pulled. Its progress updates would be thousands of lines.
    private static string? Status(BuildMessage message) =>
        message is { Status: { } status, HasDetail: false }
            ? message.Id is { } id
                ? $"{id}: {status}"
                : status
            : null;

    [GeneratedRegex(@"\AStep ([0-9]{1,4})/([0-9]{1,4}) : ")]
    private static partial Regex Step();
}
