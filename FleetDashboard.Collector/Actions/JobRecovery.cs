using FleetDashboard.Collector.Audit;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>
/// Ends what an earlier run began and did not live to end: at once where nothing can have been left behind, else once the engine answers
/// and
/// the action has put it right or named it. Nothing new is begun before.
/// </summary>
internal sealed partial class JobRecovery(
    AuditTrail trail,
    AuditReader reader,
    ActionTargets book,
    ActionList actions,
    TimeProvider time,
    ILogger<JobRecovery> logger
)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Ends what can be ended at once. True where that was all: where nothing is left for which the engine is needed, and the trail took
    /// it.
    /// </summary>
    public bool TryAtOnce()
    {
        try
        {
            return EndPlain().Count == 0;
        }
        catch (Exception fault)
        {
            LogAgain(fault);
            return false;
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!await TryAsync(cancellationToken))
        {
            await Task.Delay(Again, time, cancellationToken);
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            var left = EndPlain();
            if (left.Count > 0)
            {
                await book.Filled.WaitAsync(cancellationToken);
            }

            foreach (var intent in left)
            {
                trail.Append(JobRecords.Interrupted(intent, await RecoverAsync(intent, cancellationToken)));
            }

            return true;
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            LogAgain(fault);
            return false;
        }
    }

    // Says what is left: what an action must put right first.
    private List<AuditRecord> EndPlain()
    {
        var open = reader.Unfinished();
        var (left, plain) = (
            open.Where(intent => Recoverable(intent) is not null).ToList(),
            open.Where(intent => Recoverable(intent) is null).ToList()
        );
        if (plain.Count > 0)
        {
            trail.Append([.. plain.Select(intent => JobRecords.Interrupted(intent, null))]);
            LogInterrupted(plain.Count);
        }

        return left;
    }

    private async Task<string?> RecoverAsync(AuditRecord intent, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await Recoverable(intent)!.RecoverAsync(intent, either.Token);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotRecovered(fault, intent.Action, intent.Container);
            return $"What it left behind could not be put right: look at {intent.Container} by hand.";
        }
    }

    private IRecoverable? Recoverable(AuditRecord intent) => actions.Find(intent.Action) as IRecoverable;

    [LoggerMessage(LogLevel.Warning, "{Count} acts of an earlier run were interrupted by its end.")]
    private partial void LogInterrupted(int count);

    [LoggerMessage(LogLevel.Warning, "What an earlier run left unfinished could not be ended yet; it is tried again.")]
    private partial void LogAgain(Exception fault);

    [LoggerMessage(LogLevel.Error, "What an interrupted {Action} of {Container} left behind could not be put right.")]
    private partial void LogNotRecovered(Exception fault, string action, string? container);
}
