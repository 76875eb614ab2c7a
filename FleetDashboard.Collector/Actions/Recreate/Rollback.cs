using System.Globalization;
using System.Text.Json.Nodes;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// Restores an old container. It looks at the current containers instead of the steps already done, so it works after any failure, even one
/// with an unknown effect, and may run again. Retries for a while if the engine is unreachable.
/// </summary>
internal sealed partial class Rollback(EngineContainers engine, TimeProvider time, ILogger<Rollback> logger)
{
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Refused = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Returns the result as a sentence. Not cancelled with the caller, because half a rollback is worse than a late one.
    /// </summary>
    public async Task<string> RunAsync(RecreateJournalEntry entry, Action<string> report)
    {
        using var limit = new CancellationTokenSource(GiveUpAfter, time);
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                await RestoreOnceAsync(entry, limit.Token);
                return entry.WasRunning ? $"The old container runs again as {entry.Name}." : $"The old container is {entry.Name} again.";
            }
            catch (Exception fault)
            {
                // An engine that rejects a call may be about to free a port or an address. An engine that is unreachable may come back.
                var hopeless = limit.IsCancellationRequested || (fault is EngineRefusal && time.GetElapsedTime(began) > Refused);
                if (hopeless)
                {
                    LogFailed(fault, entry.Name, entry.OldId);
                    return $"The old container could not be restored ({fault.Message.TrimEnd('.')}). It still exists with all its volumes, "
                        + $"named {entry.Name} or {ReplacedName.Create(entry.Name, entry.OldId)}. Start it by hand.";
                }

                report($"Retrying the rollback: {fault.Message}");
                await Task.Delay(Pause, time, CancellationToken.None);
            }
        }
    }

    private async Task RestoreOnceAsync(RecreateJournalEntry entry, CancellationToken cancellationToken)
    {
        var old =
            await engine.InspectAsync(entry.OldId, cancellationToken)
            ?? throw new InvalidOperationException("The old container was removed by someone else");
        if (await engine.InspectAsync(entry.Name, cancellationToken) is { } holder && (string?)holder["Id"] != entry.OldId)
        {
            if ((string?)holder["Image"] != entry.NewImageId || Created(holder) < entry.Began)
            {
                throw new InvalidOperationException($"Another container took the name {entry.Name}");
            }

            await engine.RemoveAsync((string)holder["Id"]!, force: true, cancellationToken);
        }

        if (((string)old["Name"]!).TrimStart('/') != entry.Name)
        {
            await engine.RenameAsync(entry.OldId, entry.Name, cancellationToken);
        }

        if (entry.WasRunning && (!IsRunning(old) || await StopsLateAsync(old, cancellationToken)))
        {
            await engine.StartAsync(entry.OldId, cancellationToken);
        }
    }

    // The container is running, so no stop was seen. But a stop call whose response was lost may still be in progress, for up to the stop
    // timeout.
    private async Task<bool> StopsLateAsync(JsonObject old, CancellationToken cancellationToken)
    {
        var (source, began) = (new RecreateSource(old), time.GetTimestamp());
        while (time.GetElapsedTime(began) < source.StopTimeout + Late)
        {
            await Task.Delay(Pause, time, cancellationToken);
            if (await engine.InspectAsync(source.Id, cancellationToken) is { } now && !IsRunning(now))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsRunning(JsonObject container) => (string?)container["State"]?["Status"] is "running" or "restarting";

    // Allow one minute, because the clocks may differ if the engine is on another machine.
    private static DateTimeOffset Created(JsonObject container) =>
        DateTimeOffset.Parse((string)container["Created"]!, CultureInfo.InvariantCulture) + TimeSpan.FromMinutes(1);

    [LoggerMessage(LogLevel.Error, "The old container {Id} could not be restored as {Name}. Start it by hand")]
    private partial void LogFailed(Exception fault, string name, string id);
}
