using System.Text.Json.Nodes;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// Puts a new container in the place of an old one: stop, rename, create, connect, start, wait until it is well, and only then remove the
/// old
/// one. Whatever fails on the way, the old one gets its name back and runs again.
/// </summary>
internal sealed class Recreation(
    EngineContainers engine,
    HealthWait wellness,
    Rollback restoration,
    RecreateJournal journal,
    FailedContainerLog lastWords,
    TimeProvider time
)
{
    /// <summary>What the confirmation dialog says about a failure.</summary>
    public const string IfItFails =
        "The old container is kept until the new one runs and is healthy. If the new one fails, the old one is restored.";

    /// <summary>
    /// How long it may take: what it is given, the container's own time to stop, and the longest wait for a new one to become healthy.
    /// </summary>
    public static TimeSpan DeadlineFor(ContainerFacts container, TimeSpan given) =>
        given + WaitLimits.Stop(container.StopTimeout) + WaitLimits.LongestHealth;

    /// <summary>Replaces a container by one on the image that its reference names now.</summary>
    /// <param name="id">The container's full id.</param>
    /// <param name="progress">Takes each step, and the last lines of a new container that failed.</param>
    /// <param name="cancellationToken">Ends it before its end: the old one runs again.</param>
    public async Task<ActionResult> RunAsync(string id, IJobProgress progress, CancellationToken cancellationToken)
    {
        if (await engine.InspectAsync(id, cancellationToken) is not { } old)
        {
            return Untouched("The container is gone.");
        }

        var subject = new RecreateSource(old);
        if (subject.WhyNot is { } why)
        {
            return Untouched(why);
        }

        if (await engine.InspectImageAsync(subject.Reference, cancellationToken) is not { } image)
        {
            return Untouched($"There is no image {subject.Reference} on this host: pull it first.");
        }

        if (NewerSettings.Find(old, engine.Identity.ApiVersion, engine.Identity.NewestApiVersion) is { } setting)
        {
            return Untouched(
                $"Its setting {setting} cannot be sent in API {engine.Identity.ApiVersion}, which is in use, and would be lost. Recreate it by hand. Nothing was touched."
            );
        }

        if (await FindNetworksAsync(old, cancellationToken) is { } missing)
        {
            return Untouched($"Its network {missing} is gone, so neither a new container nor this one could start: nothing was touched.");
        }

        var imageId = (string)image["Id"]!;
        var oldImage = imageId == subject.ImageId ? image : await engine.InspectImageAsync(subject.ImageId, cancellationToken);
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

        void Tell(string step) => progress.Step(step);
        var left = subject.AsLeft(imageId, time.GetUtcNow());
        journal.Begin(left);
        ActionResult result;
        try
        {
            await ReplaceAsync(subject, successor, imageId, Tell, cancellationToken);
            result = await FinishAsync(subject, imageId, Tell);
        }
        catch (Exception fault)
        {
            var reason = Sentence(fault, cancellationToken);
            if (fault is NotWellException)
            {
                await lastWords.TellAsync(subject.Name, (bool?)successor.Body["Tty"] == true, progress);
            }

            Tell($"{reason} Putting the old container back.");
            result = new ActionResult(false, $"{reason} {await restoration.RunAsync(left, Tell)}", subject.ImageId, subject.ImageId);
        }

        journal.End(id);
        return result;
    }

    // A step that has begun is not broken off, since the engine would go on with it: it is called off between two of them. Each has its own
    // deadline.
    private async Task ReplaceAsync(
        RecreateSource subject,
        ReplacementContainer successor,
        string imageId,
        Action<string> tell,
        CancellationToken cancellationToken
    )
    {
        if (subject.WasRunning)
        {
            tell($"Stopping {subject.Name}.");
            await engine.StopAsync(subject.Id, subject.StopTimeout, CancellationToken.None);
        }

        cancellationToken.ThrowIfCancellationRequested();
        await engine.RenameAsync(subject.Id, subject.Aside, CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        tell($"Creating {subject.Name} on {subject.Reference}.");
        var id = await engine.CreateAsync(subject.Name, successor.Body, CancellationToken.None);
        var created = await engine.InspectAsync(id, cancellationToken);
        if ((string?)created?["Image"] != imageId)
        {
            throw new InvalidOperationException($"{subject.Reference} moved to another image in the meantime.");
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
        if (subject.WasRunning)
        {
            tell($"Starting {subject.Name}.");
            await engine.StartAsync(id, CancellationToken.None);
            await wellness.WaitAsync(id, tell, cancellationToken);
        }
    }

    // The successor does what it should: nothing that goes wrong from here on takes that back, nor does a cancellation.
    private async Task<ActionResult> FinishAsync(RecreateSource subject, string imageId, Action<string> tell)
    {
        var note = "";
        try
        {
            tell("Removing the old container; its volumes stay.");
            await engine.RemoveAsync(subject.Id, force: false, CancellationToken.None);
        }
        catch (Exception fault) when (fault is EngineException or IOException)
        {
            note = $" The old one could not be removed ({fault.Message.TrimEnd('.')}): it is left, stopped, as {subject.Aside}.";
        }

        var state = subject.WasRunning ? "runs" : "is there, stopped as the old one was,";
        return new ActionResult(true, $"{subject.Name} {state} on the new image.{note}", subject.ImageId, imageId);
    }

    // Notes the id of each network in the description, and returns the name of one that is gone. A network that was made again under its
    // name counts.
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
        cancellationToken.IsCancellationRequested ? "It was broken off: its time was over, or the Collector is being stopped."
        : fault.Message.EndsWith('.') || fault.Message.EndsWith('?') ? fault.Message
        : $"{fault.Message}.";
}
