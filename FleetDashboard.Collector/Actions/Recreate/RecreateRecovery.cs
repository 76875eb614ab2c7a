using System.Text.Json.Nodes;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// Completes or rolls back a replacement that was interrupted because the Collector died. The state of the containers shows how far it got:
/// if the new container works, the replacement is completed; otherwise the old container is restored.
/// </summary>
internal sealed class RecreateRecovery(EngineContainers engine, HealthWait healthWait, Rollback rollback, RecreateJournal journal)
{
    /// <summary>Returns what was done, as a sentence. Null if the replacement had not changed anything.</summary>
    /// <param name="intent">The record written before the replacement began.</param>
    /// <param name="cancellationToken">Cancels the recovery.</param>
    public async Task<string?> RunAsync(AuditRecord intent, CancellationToken cancellationToken)
    {
        if (intent.ContainerId is not { } id || journal.Find(id) is not { } entry)
        {
            return null;
        }

        var result = await CompleteOrRollBackAsync(entry, cancellationToken);
        journal.End(id);
        return result;
    }

    private async Task<string> CompleteOrRollBackAsync(RecreateJournalEntry entry, CancellationToken cancellationToken)
    {
        var old = await engine.InspectAsync(entry.OldId, cancellationToken);
        if (old is null)
        {
            return $"The replacement was already complete: {entry.Name} is the new container.";
        }

        var isRenamed = (string)old["Name"]! == $"/{ReplacedName.Create(entry.Name, entry.OldId)}";
        if (
            isRenamed
            && entry.WasRunning
            && await engine.InspectAsync(entry.Name, cancellationToken) is { } successor
            && (string?)successor["Image"] == entry.NewImageId
            && await WorksAsync(successor, cancellationToken)
        )
        {
            await engine.RemoveAsync(entry.OldId, force: false, cancellationToken);
            return $"The new container runs as {entry.Name}; the old one was removed.";
        }

        return await rollback.RunAsync(entry, _ => { });
    }

    private async Task<bool> WorksAsync(JsonObject container, CancellationToken cancellationToken)
    {
        try
        {
            await healthWait.WaitAsync((string)container["Id"]!, _ => { }, cancellationToken);
            return true;
        }
        catch (FailedStartException)
        {
            return false;
        }
    }
}
