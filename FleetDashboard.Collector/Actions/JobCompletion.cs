using FleetDashboard.Collector.Audit;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>Ends containers and jobs: writes the audit record, counts, asks for a new inspection and tells the readers.</summary>
internal sealed class JobCompletion(AuditTrail trail, JobStore jobs, EngineRequests requests, ActionMetrics metrics, TimeProvider time)
{
    /// <summary>One container of a job has ended.</summary>
    public void EndContainer(LiveJob job, int index, JobResult result, TimeSpan took)
    {
        trail.AppendOutcome(JobRecords.Outcome(job, job.Targets[index], result, took));
        metrics.Ended(job.Job.Action, result.State);
        requests.Inspect(job.Targets[index].Id);
        job.Change(now => now with { Results = now.Results.SetItem(index, result) });
    }

    /// <summary>All containers of a job have ended.</summary>
    public void End(LiveJob job)
    {
        var results = job.Job.Results;
        var state = JobRecords.StateOf(results);
        var now = time.GetUtcNow();
        if (job.Job.StartedAt is { } started)
        {
            metrics.Ended(job.Job.Action, state, now - started);
        }

        // The containers are released first. A user who sees the end can start the next job at once.
        jobs.Finish(job);
        job.Change(last =>
            last with
            {
                State = state,
                Outcome = state,
                FinishedAt = now,
                Message = JobRecords.MessageOf(results),
                Progress = null,
                CanCancel = false,
            }
        );
    }

    /// <summary>Ends a job that was cancelled while it waited. The runner skips it.</summary>
    public void EndUnstarted(LiveJob job, string message)
    {
        for (var i = 0; i < job.Targets.Length; i++)
        {
            EndContainer(job, i, new JobResult(job.Targets[i].Id, job.Targets[i].Name, JobStates.Cancelled, message), TimeSpan.Zero);
        }

        End(job);
    }
}
