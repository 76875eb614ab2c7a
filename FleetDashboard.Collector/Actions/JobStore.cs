using System.Collections.Immutable;
using FleetDashboard.Collector.Audit;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>
/// The jobs of this run: waiting and running ones with the containers they hold, and the last ended ones. Older jobs are read from the
/// audit trail.
/// </summary>
internal sealed class JobStore(AuditReader trail)
{
    public const int FinishedKept = 200;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LiveJob> _jobs = [];
    private readonly Dictionary<string, LiveJob> _held = [];
    private readonly Queue<LiveJob> _finished = new();

    /// <summary>Running, waiting and recently ended jobs, newest first.</summary>
    public ImmutableArray<Job> All
    {
        get
        {
            using var _ = _gate.EnterScope();
            return
            [
                .. _jobs
                    .Values.Select(job => job.Job)
                    .OrderByDescending(job => job.CreatedAt)
                    .ThenByDescending(job => job.Id, StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>The job that holds one of these containers; null where none does.</summary>
    public LiveJob? Holder(IEnumerable<ActionTarget> targets)
    {
        using var _ = _gate.EnterScope();
        return targets.Select(target => _held.GetValueOrDefault(target.Id)).FirstOrDefault(job => job is not null);
    }

    public int UnfinishedOf(string subject)
    {
        using var _ = _gate.EnterScope();
        return _jobs.Values.Count(job => !job.IsOver && job.Caller.Subject == subject);
    }

    public LiveJob? Find(string id)
    {
        using var _ = _gate.EnterScope();
        return _jobs.GetValueOrDefault(id);
    }

    /// <summary>The job, also one of an earlier run; null where there is none.</summary>
    public Job? Recall(string id) => Find(id)?.Job ?? JobRecords.ToJob(trail.OfJob(id));

    public void Add(LiveJob job)
    {
        using var _ = _gate.EnterScope();
        _jobs.Add(job.Job.Id, job);
        foreach (var target in job.Targets)
        {
            _held.Add(target.Id, job);
        }
    }

    /// <summary>Releases its containers. The oldest ended job is dropped when there are too many.</summary>
    public void Finish(LiveJob job)
    {
        using var _ = _gate.EnterScope();
        foreach (var target in job.Targets)
        {
            _held.Remove(target.Id);
        }

        _finished.Enqueue(job);
        if (_finished.Count > FinishedKept)
        {
            var oldest = _finished.Dequeue();
            _jobs.Remove(oldest.Job.Id);
            oldest.Dispose();
        }
    }
}
