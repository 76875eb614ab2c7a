using System.Text.Json.Nodes;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// Puts right what a replacement left behind when the Collector died in it. How far it had come is read off the fleet: where the successor
/// is
/// well, the replacement is finished; else the old one comes back.
/// </summary>
internal sealed class RecreateRecovery(EngineContainers engine, HealthWait wellness, Rollback restoration, RecreateJournal journal)
{
    /// <summary>Says in a sentence what was put right; null where nothing had been touched.</summary>
    /// <param name="intent">The record written before the replacement began.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<string?> RunAsync(AuditRecord intent, CancellationToken cancellationToken)
    {
        if (intent.ContainerId is not { } id || journal.Find(id) is not { } left)
        {
            return null;
        }

        var said = await SettleAsync(left, cancellationToken);
        journal.End(id);
        return said;
    }

    private async Task<string> SettleAsync(RecreateJournalEntry left, CancellationToken cancellationToken)
    {
        var old = await engine.InspectAsync(left.OldId, cancellationToken);
        if (old is null)
        {
            return $"It had come to its end: {left.Name} is the new container.";
        }

        var isAside = (string)old["Name"]! == $"/{ReplacedName.Create(left.Name, left.OldId)}";
        if (
            isAside
            && left.WasRunning
            && await engine.InspectAsync(left.Name, cancellationToken) is { } successor
            && (string?)successor["Image"] == left.NewImageId
            && await IsWellAsync(successor, cancellationToken)
        )
        {
            await engine.RemoveAsync(left.OldId, force: false, cancellationToken);
            return $"The new container runs as {left.Name}; the old one was removed.";
        }

        return await restoration.RunAsync(left, _ => { });
    }

    private async Task<bool> IsWellAsync(JsonObject container, CancellationToken cancellationToken)
    {
        try
        {
            await wellness.WaitAsync((string)container["Id"]!, _ => { }, cancellationToken);
            return true;
        }
        catch (NotWellException)
        {
            return false;
        }
    }
}
