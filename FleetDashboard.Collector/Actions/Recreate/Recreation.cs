using System.Text.Json.Nodes;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// Replaces an old container by a new one: stop, rename, create, connect, start, wait until it works, and only then remove the old one. If
/// any step fails, the old container gets its name back and is started again.
/// </summary>
internal sealed class Recreation(
    EngineContainers engine,
    HealthWait healthWait,
    Rollback rollback,
    RecreateJournal journal,
    FailedContainerLog failedLog,
    TimeProvider time
)
{
    /// <summary>What the confirmation dialog says about a failure.</summary>
    public const string IfItFails =
        "The old container is kept until the new one runs and is healthy. If the new one fails, the old one is restored.";

    /// <summary>
    /// The deadline of a replacement: the configured time, plus the container's stop timeout, plus the longest wait for a new container to
    /// become healthy.
    /// </summary>
    public static TimeSpan DeadlineFor(ContainerFacts container, TimeSpan given) =>
        given + WaitLimits.Stop(container.StopTimeout) + WaitLimits.LongestHealth;

    /// <summary>Replaces a container by one on the image that its reference names now.</summary>
    /// <param name="id">The container's full id.</param>
    /// <param name="progress">Receives each step, and the last log lines of a new container that failed.</param>
    /// <param name="cancellationToken">Cancels the replacement: the old container is restored.</param>
    public async Task<ActionResult> RunAsync(string id, IJobProgress progress, CancellationToken cancellationToken)
    {
        if (await engine.InspectAsync(id, cancellationToken) is not { } old)
        {
            return Untouched("The container no longer exists.");
        }

        var source = new RecreateSource(old);
        if (source.WhyNot is { } why)
        {
            return Untouched(why);
        }

        if (await engine.InspectImageAsync(source.Reference, cancellationToken) is not { } image)
        {
            return Untouched($"The image {source.Reference} is not on this host. Pull it first.");
        }

        if (NewerSettings.Find(old, engine.Identity.ApiVersion, engine.Identity.NewestApiVersion) is { } setting)
        {
            return Untouched(
                $"Its setting {setting} cannot be sent with API {engine.Identity.ApiVersion}, the version in use, and would be lost. "
                    + "Recreate it by hand. Nothing was changed."
            );
        }

        if (await FindNetworksAsync(old, cancellationToken) is { } missing)
        {
            return Untouched(
                $"Its network {missing} was removed, so neither a new container nor this one could start. Nothing was changed."
            );
        }

        var imageId = (string)image["Id"]!;
        var oldImage = imageId == source.ImageId ? image : await engine.InspectImageAsync(source.ImageId, cancellationToken);
        var successor = ReplacementContainer.Create(
            old,
            oldImage,
            image,
            new EngineTerms(engine.Identity.ApiVersion, engine.Identity.MachineName)
        );
        foreach (var remark in successor.Remarks)
        {
            progress.Line(remark);
        }

        void Report(string step) => progress.Step(step);
        var entry = source.ToJournalEntry(imageId, time.GetUtcNow());
        journal.Begin(entry);
        ActionResult result;
        try
        {
            await ReplaceAsync(source, successor, imageId, Report, cancellationToken);
            result = await FinishAsync(source, imageId, Report);
        }
        catch (Exception fault)
        {
            var reason = Sentence(fault, cancellationToken);
            if (fault is FailedStartException)
            {
                await failedLog.CopyAsync(source.Name, (bool?)successor.Body["Tty"] == true, progress);
            }

            Report($"{reason} Restoring the old container.");
            result = new ActionResult(false, $"{reason} {await rollback.RunAsync(entry, Report)}", source.ImageId, source.ImageId);
        }

        journal.End(id);
        return result;
    }

    // A started engine call is never cancelled, because the engine would finish it anyway. A cancellation takes effect between two calls.
    // Each call has its own timeout.
    private async Task ReplaceAsync(
        RecreateSource source,
        ReplacementContainer successor,
        string imageId,
        Action<string> report,
        CancellationToken cancellationToken
    )
    {
        if (source.WasRunning)
        {
            report($"Stopping {source.Name}.");
            await engine.StopAsync(source.Id, source.StopTimeout, CancellationToken.None);
        }

        cancellationToken.ThrowIfCancellationRequested();
        await engine.RenameAsync(source.Id, source.TemporaryName, CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        report($"Creating {source.Name} on {source.Reference}.");
        var id = await engine.CreateAsync(source.Name, successor.Body, CancellationToken.None);
        var created = await engine.InspectAsync(id, cancellationToken);
        if ((string?)created?["Image"] != imageId)
        {
            throw new InvalidOperationException($"{source.Reference} was moved to another image in the meantime.");
        }

        foreach (
            var unwanted in Networks(created)
                .Select(network => network.Key)
                .Where(network => !successor.Networks.Contains(network))
                .ToList()
        )
        {
            await engine.DisconnectAsync(unwanted, id, CancellationToken.None);
        }

        foreach (var place in successor.Connect)
        {
            await engine.ConnectAsync(place.Id.Length > 0 ? place.Id : place.Network, id, place.Endpoint, CancellationToken.None);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (source.WasRunning)
        {
            report($"Starting {source.Name}.");
            await engine.StartAsync(id, CancellationToken.None);
            await healthWait.WaitAsync(id, report, cancellationToken);
        }
    }

    // The new container works. Neither an error nor a cancellation after this point undoes the replacement.
    private async Task<ActionResult> FinishAsync(RecreateSource source, string imageId, Action<string> report)
    {
        var note = "";
        try
        {
            report("Removing the old container. Its volumes are kept.");
            await engine.RemoveAsync(source.Id, force: false, CancellationToken.None);
        }
        catch (Exception fault) when (fault is EngineException or IOException)
        {
            note =
                $" The old container could not be removed ({fault.Message.TrimEnd('.')}). "
                + $"It is stopped and named {source.TemporaryName}.";
        }

        var state = source.WasRunning ? "runs" : "was recreated, stopped like the old container,";
        return new ActionResult(true, $"{source.Name} {state} on the new image.{note}", source.ImageId, imageId);
    }

    // Writes the id of each network into the description, and returns the name of a network that no longer exists. A network that was
    // recreated under the same name is accepted.
    private async Task<string?> FindNetworksAsync(JsonObject old, CancellationToken cancellationToken)
    {
        foreach (var (name, endpoint) in Networks(old).Where(network => network.Key is not ("host" or "none")).ToList())
        {
            var known = (string?)endpoint!["NetworkID"] is { Length: > 0 } id
                ? await engine.InspectNetworkAsync(id, cancellationToken)
                : null;
            if ((known ?? await engine.InspectNetworkAsync(name, cancellationToken)) is not { } network)
            {
                return name;
            }

            endpoint["NetworkID"] = (string?)network["Id"];
        }

        return null;
    }

    private static JsonObject Networks(JsonObject? container) => container?["NetworkSettings"]?["Networks"] as JsonObject ?? [];

    private static ActionResult Untouched(string why) => new(false, why);

    private static string Sentence(Exception fault, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? "It was cancelled: its deadline passed, or the Collector is stopping."
        : fault.Message.EndsWith('.') || fault.Message.EndsWith('?') ? fault.Message
        : $"{fault.Message}.";
}
