using System.Globalization;
using System.Text.Json.Nodes;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// Puts an old container back: looks at what is there now rather than at how far somebody came, so that it works after any failure, also
/// one whose effect is not known, and may be done again. Goes on for a while when the engine is away.
/// </summary>
internal sealed partial class Rollback(EngineContainers engine, TimeProvider time, ILogger<Rollback> logger)
{
    private static readonly TimeSpan OverduePolicy = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Refused = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Says in a sentence what came of it. Does not end with the caller: half a rollback would be worse than a late one.</summary>
    public async Task<string> RunAsync(RecreateJournalEntry left, Action<string> tell)
    {
        using var limit = new CancellationTokenSource(OverduePolicy, time);
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                await RestoreOnceAsync(left, limit.Token);
                return left.WasRunning ? $"The old container runs again as {left.Name}." : $"The old container is {left.Name} again.";
            }
            catch (Exception fault)
            {
                // An engine that refuses may be about to let go of a port or an address; one that is away may be coming back.
                var hopeless = limit.IsCancellationRequested || (fault is EngineRefusal && time.GetElapsedTime(began) > Refused);
                if (hopeless)
                {
                    LogFailed(fault, left.Name, left.OldId);
                    return $"The old container could not be put back ({fault.Message.TrimEnd('.')}): it is there, with all its volumes, "
                        + $"as {left.Name} or {ReplacedName.Create(left.Name, left.OldId)}. Start it by hand.";
                }

                tell($"Not yet: {fault.Message}");
                await Task.Delay(Pause, time, CancellationToken.None);
            }
        }
    }

    private async Task RestoreOnceAsync(RecreateJournalEntry left, CancellationToken cancellationToken)
    {
        var old =
            await engine.InspectAsync(left.OldId, cancellationToken)
            ?? throw new InvalidOperationException("The old container was removed by somebody else");
        if (await engine.InspectAsync(left.Name, cancellationToken) is { } holder && (string?)holder["Id"] != left.OldId)
        {
            if ((string?)holder["Image"] != left.NewImageId || Created(holder) < left.Began)
            {
                throw new InvalidOperationException($"Another container took the name {left.Name}");
            }

            await engine.RemoveAsync((string)holder["Id"]!, force: true, cancellationToken);
        }

        if (((string)old["Name"]!).TrimStart('/') != left.Name)
        {
            await engine.RenameAsync(left.OldId, left.Name, cancellationToken);
        }

        if (left.WasRunning && (!IsRunning(old) || await StopsLateAsync(old, cancellationToken)))
        {
            await engine.StartAsync(left.OldId, cancellationToken);
        }
    }

    // It runs, so it was never seen to stop; but a stop whose answer was lost may be under way at the engine, which gives it its own time.
    private async Task<bool> StopsLateAsync(JsonObject old, CancellationToken cancellationToken)
    {
        var (subject, began) = (new RecreateSource(old), time.GetTimestamp());
        while (time.GetElapsedTime(began) < subject.StopTimeout + Late)
        {
            await Task.Delay(Pause, time, cancellationToken);
            if (await engine.InspectAsync(subject.Id, cancellationToken) is { } now && !IsRunning(now))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsRunning(JsonObject container) => (string?)container["State"]?["Status"] is "running" or "restarting";

    // The two clocks may differ by a little where the engine is on another machine.
    private static DateTimeOffset Created(JsonObject container) =>
        DateTimeOffset.Parse((string)container["Created"]!, CultureInfo.InvariantCulture) + TimeSpan.FromMinutes(1);

    [LoggerMessage(LogLevel.Error, "The old container {Id} could not be put back as {Name}: start it by hand")]
    private partial void LogFailed(Exception fault, string name, string id);
}
