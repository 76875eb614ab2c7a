using System.Diagnostics;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;
using FleetDashboard.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions;

/// <summary>
/// Runs the jobs that the desk has taken, a few at once, and records how each container fared. What it begins, it ends with a record.
/// </summary>
internal sealed partial class JobRunner(
    JobSubmission desk,
    JobRecovery recovery,
    JobCompletion ending,
    ActionTargets book,
    ActionList actions,
    IOptions<ActionOptions> options,
    TimeProvider time,
    ILogger<JobRunner> logger
) : SupervisedService(time, logger)
{
    private static readonly ActivitySource Traces = new("FleetDashboard.Collector.Actions");

    /// <summary>The longest that any action may take: a build, an hour for the stop and an hour for health fit in.</summary>
    internal static readonly TimeSpan LongestDeadline = TimeSpan.FromHours(3);

    private readonly TimeProvider _time = time;
    private bool _recovered;

    /// <summary>
    /// Where the last run left nothing to put right, requests are taken from the first on: the server does not listen before this.
    /// </summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _recovered = recovery.TryAtOnce();
        if (_recovered)
        {
            desk.Open();
        }

        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        desk.Close();
        return base.StopAsync(cancellationToken);
    }

    protected override IEnumerable<SupervisedLoop> Loops =>
        Enumerable.Range(1, options.Value.Running).Select(number => new SupervisedLoop($"run jobs {number}", WorkAsync));

    protected override async Task PrepareAsync(CancellationToken stoppingToken)
    {
        if (!_recovered)
        {
            await recovery.RunAsync(stoppingToken);
            desk.Open();
        }
    }

    // Reads on after the stop: what waits then is ended with a record, too. The queue ends only when the desk is closed.
    private async Task WorkAsync(CancellationToken stopping)
    {
        await foreach (var job in desk.Queue.ReadAllAsync(CancellationToken.None))
        {
            await RunSafelyAsync(job, stopping);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, _time, stopping);
    }

    // A job that fails in an unforeseen way still ends, with a record: it would hold its containers and this worker for ever.
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
                    ending.EndContainer(
                        job,
                        index,
                        new JobResult(
                            target.Id,
                            target.Name,
                            JobStates.Failed,
                            $"The Collector failed in the middle of it ({fault.GetType().Name}). Look at {target.Name} by hand; the Collector's log has the details."
                        ),
                        TimeSpan.Zero
                    );
                }
            }

            ending.End(job);
        }
    }

    private async Task RunAsync(LiveJob job, CancellationToken stopping)
    {
        if (!job.TryBegin())
        {
            return; // Called off while it waited, and ended by whoever did that.
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
            ending.EndContainer(job, index, result, _time.GetElapsedTime(started));
        }

        ending.End(job);
    }

    // Why this container is not begun at all; null where it is its turn.
    private JobResult? Skipped(LiveJob job, int index, IFleetAction? action, CancellationToken stopping)
    {
        var target = job.Targets[index];
        if (stopping.IsCancellationRequested)
        {
            return Ended(JobStates.Interrupted, "The Collector was stopped before this began.");
        }

        if (job.CalledOffBy is { } by)
        {
            return Ended(JobStates.Cancelled, $"Called off by {by} before it began.");
        }

        if (
            action is not { IsHarmless: true }
            && job.Job.Results.Take(index).FirstOrDefault(result => result.State == JobStates.Failed) is { } failed
        )
        {
            return Ended(JobStates.Cancelled, $"Not begun, because {failed.Container} failed.");
        }

        // The fleet may have changed while it waited: the guard's newest word counts.
        return book.Targets?.GetValueOrDefault(target.Id) is not { } now
                ? Ended(JobStates.Failed, $"{target.Name} is gone: it was removed meanwhile.")
            : action is null ? Ended(JobStates.Failed, $"This Collector cannot {job.Job.Action}.")
            : now.Ruling.Against(job.Job.Action) is { } no ? Ended(JobStates.Failed, $"Not done, since by now {no.Reason}.")
            : null;

        JobResult Ended(string state, string message) => new(target.Id, target.Name, state, message);
    }

    private async Task<JobResult> RunOneAsync(IFleetAction action, LiveJob job, int index, CancellationToken stopping)
    {
        var target = book.Targets?.GetValueOrDefault(job.Targets[index].Id) ?? job.Targets[index];
        var longest = Deadline(action, target);
        using var deadline = new CancellationTokenSource(longest, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            stopping,
            deadline.Token,
            action.IsHarmless ? job.CalledOff : CancellationToken.None
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
            return Ended(JobStates.Interrupted, "The Collector was stopped while this was under way.");
        }
        catch (Exception) when (action.IsHarmless && job.CalledOffBy is not null)
        {
            return Ended(JobStates.Cancelled, $"Called off by {job.CalledOffBy}.");
        }
        catch (Exception) when (deadline.IsCancellationRequested)
        {
            return Ended(JobStates.Failed, $"Not over within {longest.TotalSeconds:0.#} s, and given up; the engine may still be at it.");
        }
        catch (Exception fault)
        {
            LogFailed(fault, action.Name, target.Name);
            return Ended(JobStates.Failed, EngineFault.Describe(fault));
        }

        JobResult Ended(string state, string message) => new(target.Id, target.Name, state, message);
    }

    // A health check's start period and a stop timeout are an image's own words: 2,000 hours once made the timer throw, and the worker was
    // gone.
    internal static TimeSpan Deadline(IFleetAction action, ActionTarget target)
    {
        var asked = action.DeadlineFor(target);
        return asked <= TimeSpan.Zero || asked > LongestDeadline ? LongestDeadline : asked;
    }

    [LoggerMessage(LogLevel.Critical, "The {Action} job {Job} failed in an unforeseen way.")]
    private partial void LogJobFailed(Exception fault, string action, string job);

    [LoggerMessage(LogLevel.Error, "The {Action} of {Container} failed.")]
    private partial void LogFailed(Exception fault, string action, string container);
}
