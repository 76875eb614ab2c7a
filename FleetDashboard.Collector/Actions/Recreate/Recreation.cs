using System.Text.Json.Nodes;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// Puts a new container in the place of an old one: stop, rename, create, connect, start, wait until it is well, and only then remove the old
/// one. Whatever fails on the way, the old one gets its name back and runs again.
/// </summary>
internal sealed class Recreation(EngineContainers engine, Wellness wellness, Restoration restoration, TimeProvider time)
{
    /// <summary>Replaces a container by one on the image that its reference names now.</summary>
    /// <param name="id">The container's full id.</param>
    /// <param name="tell">Takes each step, as a sentence.</param>
    /// <param name="cancellationToken">Ends it before its end: the old one runs again.</param>
    public async Task<RecreateResult> RunAsync(string id, Action<string> tell, CancellationToken cancellationToken)
    {
        if (await engine.InspectAsync(id, cancellationToken) is not { } old)
        {
            return RecreateResult.Untouched("The container is gone.");
        }

        var subject = new Subject(old);
        if (subject.WhyNot is { } why)
        {
            return RecreateResult.Untouched(why);
        }

        if (await engine.InspectImageAsync(subject.Reference, cancellationToken) is not { } image)
        {
            return RecreateResult.Untouched($"There is no image {subject.Reference} on this host: pull it first.");
        }

        var imageId = (string)image["Id"]!;
        var oldImage = imageId == subject.ImageId ? image : await engine.InspectImageAsync(subject.ImageId, cancellationToken);
        var successor = Successor.Of(old, oldImage, imageId, engine.ApiVersion);
        if (await MissingNetworkAsync(successor, cancellationToken) is { } missing)
        {
            return RecreateResult.Untouched($"Its network {missing} is gone, so neither a new container nor this one could start: nothing was touched.");
        }

        var began = time.GetUtcNow();
        try
        {
            var newId = await ReplaceAsync(subject, successor, imageId, tell, cancellationToken);
            return await FinishAsync(subject, newId, imageId, tell);
        }
        catch (Exception fault)
        {
            tell($"{Sentence(fault, cancellationToken)} Putting the old container back.");
            var restored = await restoration.RunAsync(subject.AsLeft(imageId, began), tell);
            return new RecreateResult(false, $"{Sentence(fault, cancellationToken)} {restored}", subject.ImageId, subject.ImageId);
        }
    }

    private async Task<string> ReplaceAsync(Subject subject, Successor successor, string imageId, Action<string> tell, CancellationToken cancellationToken)
    {
        if (subject.WasRunning)
        {
            tell($"Stopping {subject.Name}.");
            await engine.StopAsync(subject.Id, subject.StopTimeout, cancellationToken);
        }

        await engine.RenameAsync(subject.Id, subject.Aside, cancellationToken);
        tell($"Creating {subject.Name} on {subject.Reference}.");
        var id = await engine.CreateAsync(subject.Name, successor.Body, cancellationToken);
        var created = await engine.InspectAsync(id, cancellationToken);
        if ((string?)created?["Image"] != imageId)
        {
            throw new InvalidOperationException($"{subject.Reference} moved to another image in the meantime.");
        }

        foreach (var (network, endpoint) in successor.Connect)
        {
            await engine.ConnectAsync(network, id, endpoint, cancellationToken);
        }

        if (successor.Disconnect is { } unwanted)
        {
            await engine.DisconnectAsync(unwanted, id, cancellationToken);
        }

        if (subject.WasRunning)
        {
            tell($"Starting {subject.Name}.");
            await engine.StartAsync(id, cancellationToken);
            await wellness.WaitAsync(id, tell, cancellationToken);
        }

        return id;
    }

    // The successor does what it should: nothing that goes wrong from here on takes that back, nor does a cancellation.
    private async Task<RecreateResult> FinishAsync(Subject subject, string newId, string imageId, Action<string> tell)
    {
        var note = "";
        try
        {
            tell("Removing the old container; its volumes stay.");
            await engine.RemoveAsync(subject.Id, force: false, CancellationToken.None);
        }
        catch (Exception fault) when (fault is EngineRefusal or TimeoutException or HttpRequestException or IOException)
        {
            note = $" The old one could not be removed ({fault.Message.TrimEnd('.')}): it is left, stopped, as {subject.Aside}.";
        }

        var state = subject.WasRunning ? "runs" : "is there, stopped as the old one was,";
        return new RecreateResult(true, $"{subject.Name} {state} on the new image.{note}", subject.ImageId, imageId, newId);
    }

    private async Task<string?> MissingNetworkAsync(Successor successor, CancellationToken cancellationToken)
    {
        var first = successor.Body["NetworkingConfig"]?["EndpointsConfig"] as JsonObject;
        foreach (var network in (first?.Select(one => one.Key) ?? []).Concat(successor.Connect.Select(one => one.Network)))
        {
            if (await engine.InspectNetworkAsync(network, cancellationToken) is null)
            {
                return network;
            }
        }

        return null;
    }

    private static string Sentence(Exception fault, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? "It was cancelled." : fault.Message.EndsWith('.') ? fault.Message : $"{fault.Message}.";
}

/// <summary>How it went.</summary>
/// <param name="Succeeded">True where the successor is in place.</param>
/// <param name="Message">What to tell, in sentences.</param>
/// <param name="ImageBefore">The id of the image it was on.</param>
/// <param name="ImageAfter">The id of the image that what has its name now is on.</param>
/// <param name="NewId">The successor's id.</param>
internal sealed record RecreateResult(bool Succeeded, string Message, string? ImageBefore, string? ImageAfter, string? NewId = null)
{
    public static RecreateResult Untouched(string why) => new(false, why, null, null);
}
