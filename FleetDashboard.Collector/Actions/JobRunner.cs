using System.Diagnostics;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;
using FleetDashboard.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions;

/// <summary>
/// Runs accepted jobs, a few at once, and records the outcome for each container. Every job that starts ends with a record.
/// </summary>
internal sealed partial class JobRunner(
    JobSubmission submission,
    JobRecovery recovery,
    JobCompletion completion,
    ActionTargets targets,
    ActionList actions,
    IOptions<ActionOptions> options,
    TimeProvider time,
    ILogger<JobRunner> logger
) : SupervisedService(time, logger)
{
    private static readonly ActivitySource Traces = new("FleetDashboard.Collector.Actions");

    /// <summary>The longest time for any action: enough for a build, an hour to stop and an hour to become healthy.</summary>
    internal static readonly TimeSpan LongestDeadline = TimeSpan.FromHours(3);

    private readonly TimeProvider _time = time;
    private bool _recovered;

    /// <summary>
    /// Where the last run left nothing to repair, requests are accepted from the first one on. The server does not listen before this.
    /// </summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _recovered = recovery.TryAtOnce();
        if (_recovered)
        {
            submission.Open();
        }

        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        submission.Close();
        return base.StopAsync(cancellationToken);
    }

    protected override IEnumerable<SupervisedLoop> Loops =>
        Enumerable.Range(1, options.Value.Running).Select(number => new SupervisedLoop($"run jobs {number}", WorkAsync));

    protected override async Task PrepareAsync(CancellationToken stoppingToken)
    {
        if (!_recovered)
        {
            await recovery.RunAsync(stoppingToken);
            submission.Open();
        }
    }

    // Continues after the stop, so that waiting jobs end with a record too. The queue ends when submission is closed.
    private async Task WorkAsync(CancellationToken stopping)
    {
        await foreach (var job in submission.Queue.ReadAllAsync(CancellationToken.None))
        {
            await RunSafelyAsync(job, stopping);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, _time, stopping);
    }

    // An unexpected exception must end the job with a record. Otherwise it would hold its containers and this worker for ever.
    private async Task RunSafelyAsync(LiveJob job, CancellationToken stopping)
    {
        try
        {
            await RunAsync(job, stopping);
        }
        catch (Exception fault)
        {
            LogJobFailed(fault, job.Job.Action, job.Job.Id);
            for (var index = 0; index < job.Targets.Length; index++)
            {
                if (job.Job.Results[index].State is JobStates.Queued or JobStates.Running)
                {
                    var target = job.Targets[index];
                    completion.EndContainer(
                        job,
                        index,
                        new JobResult(
                            target.Id,
                            target.Name,
                            JobStates.Failed,
                            $"The Collector failed during the action ({fault.GetType().Name}). Check {target.Name} by hand. "
                                + "The Collector's log has the details."
                        ),
                        TimeSpan.Zero
                    );
                }
            }

            completion.End(job);
        }
    }

    private async Task RunAsync(LiveJob job, CancellationToken stopping)
    {
        if (!job.TryBegin())
        {
            return; // Cancelled while it waited, and ended by that request.
        }

        using var span = Traces
            .StartActivity($"job {job.Job.Action}", ActivityKind.Internal, job.Cause)
            ?.SetTag("fleet.job", job.Job.Id)
            .SetTag("fleet.app", job.Job.App);
        var action = actions.Find(job.Job.Action);
        for (var i = 0; i < job.Targets.Length; i++)
        {
            var index = i;
            var isLast = index == job.Targets.Length - 1;
            job.Change(now =>
                now with
                {
                    CanCancel = action is { IsHarmless: true } || !isLast,
                    Results = now.Results.SetItem(index, now.Results[index] with { State = JobStates.Running }),
                }
            );
            var started = _time.GetTimestamp();
            var result = Skipped(job, index, action, stopping) ?? await RunOneAsync(action!, job, index, stopping);
            completion.EndContainer(job, index, result, _time.GetElapsedTime(started));
        }

        completion.End(job);
    }

    // Why this container is skipped; null where the action runs.
    private JobResult? Skipped(LiveJob job, int index, IFleetAction? action, CancellationToken stopping)
    {
        var target = job.Targets[index];
        if (stopping.IsCancellationRequested)
        {
            return Ended(JobStates.Interrupted, "The Collector was stopped before the action started.");
        }

        if (job.CancelledBy is { } by)
        {
            return Ended(JobStates.Cancelled, $"Cancelled by {by} before it started.");
        }

        if (
            action is not { IsHarmless: true }
            && job.Job.Results.Take(index).FirstOrDefault(result => result.State == JobStates.Failed) is { } failed
        )
        {
            return Ended(JobStates.Cancelled, $"Not started, because {failed.Container} failed.");
        }

        // The fleet may have changed while the job waited, so the newest ruling counts.
        return targets.Targets?.GetValueOrDefault(target.Id) is not { } now ? Ended(JobStates.Failed, $"{target.Name} no longer exists.")
            : action is null ? Ended(JobStates.Failed, $"This Collector has no action {job.Job.Action}.")
            : now.Ruling.Against(job.Job.Action) is { } no ? Ended(JobStates.Failed, $"Not possible any more: {no.Reason}.")
            : null;

        JobResult Ended(string state, string message) => new(target.Id, target.Name, state, message);
    }

    private async Task<JobResult> RunOneAsync(IFleetAction action, LiveJob job, int index, CancellationToken stopping)
    {
        var target = targets.Targets?.GetValueOrDefault(job.Targets[index].Id) ?? job.Targets[index];
        var longest = Deadline(action, target);
        using var deadline = new CancellationTokenSource(longest, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            stopping,
            deadline.Token,
            action.IsHarmless ? job.Cancelled : CancellationToken.None
        );
        try
        {
            var result = await action.RunAsync(target, new JobProgress(job, index), either.Token);
            return new JobResult(
                target.Id,
                target.Name,
                result.Succeeded ? JobStates.Succeeded : JobStates.Failed,
                result.Message,
                result.ImageBefore,
                result.ImageAfter
            );
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            return Ended(JobStates.Interrupted, "The Collector was stopped during the action.");
        }
        catch (Exception) when (action.IsHarmless && job.CancelledBy is not null)
        {
            return Ended(JobStates.Cancelled, $"Cancelled by {job.CancelledBy}.");
        }
        catch (Exception) when (deadline.IsCancellationRequested)
        {
            return Ended(
                JobStates.Failed,
                $"Not finished within {longest.TotalSeconds:0.#} s, so the Collector stopped waiting. "
                    + "The engine may still be working on it."
            );
        }
        catch (Exception fault)
        {
            LogFailed(fault, action.Description.Name, target.Name);
            return Ended(JobStates.Failed, EngineFault.Describe(fault));
        }

        JobResult Ended(string state, string message) => new(target.Id, target.Name, state, message);
    }

    // An image sets its own start period and stop timeout. A start period of 2,000 hours once made the timer throw and ended the worker.
    internal static TimeSpan Deadline(IFleetAction action, ActionTarget target)
    {
        var asked = action.DeadlineFor(target);
        return asked <= TimeSpan.Zero || asked > LongestDeadline ? LongestDeadline : asked;
    }

    [LoggerMessage(LogLevel.Critical, "The {Action} job {Job} failed unexpectedly.")]
    private partial void LogJobFailed(Exception fault, string action, string job);

    [LoggerMessage(LogLevel.Error, "The {Action} of {Container} failed.")]
    private partial void LogFailed(Exception fault, string action, string container);
}
