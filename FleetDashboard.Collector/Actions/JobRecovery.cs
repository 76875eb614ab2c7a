using FleetDashboard.Collector.Audit;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>
/// Ends the actions that an earlier run started and did not finish. Where nothing can be left behind that happens at once; else it waits
/// for the engine, and the action repairs what it left. No new job is accepted before.
/// </summary>
internal sealed partial class JobRecovery(
    AuditTrail trail,
    AuditReader reader,
    ActionTargets targets,
    ActionList actions,
    JobStore jobs,
    TimeProvider time,
    ILogger<JobRecovery> logger
)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Ends the actions that need no repair. True where that was all of them and the trail could be written.
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
                await targets.Filled.WaitAsync(cancellationToken);
            }

            foreach (var intent in left)
            {
                trail.Append(JobRecords.Interrupted(intent, await RecoverAsync(intent, cancellationToken)));
            }

            AddEnded(left);

            return true;
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            LogAgain(fault);
            return false;
        }
    }

    // Returns the intents whose action must repair something first.
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
            AddEnded(plain.ExceptBy(left.Select(intent => intent.Job), intent => intent.Job));
        }

        return left;
    }

    // A page that followed the job when the Collector stopped learns how it ended.
    private void AddEnded(IEnumerable<AuditRecord> intents)
    {
        foreach (var job in intents.Select(intent => intent.Job).OfType<string>().Distinct())
        {
            jobs.AddEnded(job);
        }
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
            return $"What it left behind could not be repaired. Check {intent.Container} by hand.";
        }
    }

    private IRecoverable? Recoverable(AuditRecord intent) => actions.Find(intent.Action) as IRecoverable;

    [LoggerMessage(LogLevel.Warning, "{Count} actions were interrupted when the previous run ended.")]
    private partial void LogInterrupted(int count);

    [LoggerMessage(LogLevel.Warning, "The unfinished actions of the previous run could not be ended. Trying again.")]
    private partial void LogAgain(Exception fault);

    [LoggerMessage(LogLevel.Error, "What an interrupted {Action} of {Container} left behind could not be repaired.")]
    private partial void LogNotRecovered(Exception fault, string action, string? container);
}
