using System.Text.Json;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions;

/// <summary>
/// Pulls the tag that a container was created from, and reports whether that brought a newer image. No container changes.
/// </summary>
internal sealed class PullAction(EngineImages images, RegistryCredentials credentials, IOptions<ActionOptions> options) : IFleetAction
{
    public ActionDescription Description { get; } =
        new(
            ActionNames.Pull,
            "Pull",
            "download the newest image; no container changes",
            "The newest image of the tag is pulled from its registry. No container changes: run Update afterwards.",
            "The newest image of each tag is pulled from its registry. No container changes: run Update afterwards.",
            IfItFails: null,
            Interrupts: false
        );

    public bool IsHarmless => true;

    public bool IsForOneOffs => true;

    public Refusal? Prevents(GuardCase container) => ImageReference.WhyNotPulled(container.Facts);

    public TimeSpan DeadlineFor(ActionTarget target) => options.Value.PullDeadline;

    public async Task<ActionResult> RunAsync(ActionTarget target, IJobProgress progress, CancellationToken cancellationToken)
    {
        if (ImageReference.Parse(target.Facts) is not { } reference)
        {
            return new ActionResult(false, $"{target.Name} was not created from a tag.");
        }

        var before = await images.FindAsync(reference.ToString(), cancellationToken);
        var access = await credentials.ForAsync(reference.Registry, cancellationToken);
        if (access.Remark is { } remark)
        {
            progress.Line(remark);
        }

        progress.Step($"Asking {reference.Registry} for {reference}.");
        var error = await PullAsync(reference, access, await PlatformAsync(target, cancellationToken), progress, cancellationToken);
        var after = await images.FindAsync(reference.ToString(), cancellationToken);
        return error is null && after is not null
            ? new ActionResult(true, Say(target, reference, before, after), before?.Id, after.Id)
            : new ActionResult(
                false,
                $"{reference} could not be pulled: {(error ?? "the engine does not have it after the pull").TrimEnd('.')}."
                    + (access.Remark is null ? "" : $" {access.Remark}"),
                before?.Id,
                after?.Id
            );
    }

    private async Task<string?> PullAsync(
        ImageReference reference,
        RegistryAccess access,
        string? platform,
        IJobProgress progress,
        CancellationToken cancellationToken
    )
    {
        var seen = new PullProgress(progress);
        try
        {
            await foreach (var message in images.PullAsync(reference.Name, reference.Tag, platform, access.Header, cancellationToken))
            {
                seen.Apply(message);
            }

            return seen.Error;
        }
        catch (Exception broken)
            when (broken is JsonException or EngineException or IOException && !cancellationToken.IsCancellationRequested)
        {
            return "the engine closed the connection";
        }
    }

    // Keep the platform of the running image: a container may run another platform's image on purpose.
    private async Task<string?> PlatformAsync(ActionTarget target, CancellationToken cancellationToken) =>
        target.Facts.ImageId.Length > 0
        && await images.FindAsync(target.Facts.ImageId, cancellationToken) is { Platform: { Length: > 0 } platform }
        && !platform.StartsWith(images.Platform, StringComparison.Ordinal)
            ? platform
            : null;

    private static string Say(ActionTarget target, ImageReference reference, ImageFacts? before, ImageFacts after) =>
        (before?.Id == after.Id, target.Facts.ImageId == after.Id) switch
        {
            (true, true) => $"{reference} is the newest image, and {target.Name} runs it.",
            (true, false) => $"{reference} was already on this host. {target.Name} runs another image until it is updated.",
            (false, true) => $"{reference} was pulled, and {target.Name} runs it.",
            (false, false) => $"A newer {reference} was pulled. {target.Name} runs the older image until it is updated.",
        };
}
