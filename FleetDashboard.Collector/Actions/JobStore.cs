using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using FleetDashboard.Collector.Audit;
using FleetDashboard.Contracts;
using FleetDashboard.ServiceDefaults.Async;

namespace FleetDashboard.Collector.Actions;

/// <summary>
/// The jobs of this run: waiting and running ones with the containers they hold, and the last ended ones. Older jobs are read from the
/// audit trail.
/// </summary>
internal sealed class JobStore(AuditReader trail, TimeProvider time)
{
    public const int FinishedKept = 200;

    /// <summary>How many raw lines of a job a new reader of the stream receives.</summary>
    public const int LinesSent = 300;

    /// <summary>How long an ended job is still listed to a new reader. Longer than the page shows it.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LiveJob> _jobs = [];
    private readonly Dictionary<string, LiveJob> _held = [];
    private readonly Queue<LiveJob> _finished = new();
    private readonly ChangeSignal _changes = new();

    /// <summary>Running, waiting and recently ended jobs, newest first.</summary>
    public ImmutableArray<Job> All => [.. Live().Select(live => live.Job)];

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

    /// <summary>The job, also one of an earlier run; null for an unknown id.</summary>
    public Job? Recall(string id) => Find(id)?.Job ?? JobRecords.ToJob(trail.ReadJob(id));

    public void Add(LiveJob job)
    {
        using (_gate.EnterScope())
        {
            _jobs.Add(job.Job.Id, job);
            foreach (var target in job.Targets)
            {
                _held.Add(target.Id, job);
            }
        }

        job.OnChange = _changes.Set;
        _changes.Set();
    }

    /// <summary>Adds a job of an earlier run that has just been ended, so that readers learn of its end.</summary>
    public void AddEnded(string id)
    {
        if (Find(id) is null && Recall(id) is { } job)
        {
            var ended = new LiveJob(job, [], new Caller("", job.User, "", ""), time);
            Add(ended);
            Finish(ended);
        }
    }

    /// <summary>
    /// The jobs and their last lines now, then each change. A reader that is slow receives the newest state of each job, and every line
    /// that is still kept.
    /// </summary>
    public async IAsyncEnumerable<JobUpdate> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Subscribed before the first look, so that no change is lost in between.
        using var changes = _changes.Subscribe();
        var seen = new Dictionary<string, (Job Job, long NextLine)>();
        var first = Live();
        var since = time.GetUtcNow() - Recent;
        foreach (var live in first)
        {
            var job = live.Job;
            var isListed = job.FinishedAt is not { } ended || ended >= since;
            seen[job.Id] = (job, isListed ? live.PlaceOfLast(LinesSent) : long.MaxValue);
        }

        yield return new JobUpdate(
            Listed: [.. first.Select(live => seen[live.Job.Id]).Where(one => one.NextLine < long.MaxValue).Select(one => one.Job)]
        );
        while (true)
        {
            var all = Live();
            foreach (var live in all)
            {
                var known = seen.GetValueOrDefault(live.Job.Id);
                if (known.NextLine == long.MaxValue)
                {
                    continue; // Ended and sent.
                }

                var (job, lines, next) = live.Since(known.NextLine);
                if (lines.Length > 0)
                {
                    yield return new JobUpdate(Output: new JobOutput(job.Id, lines));
                }

                if (!ReferenceEquals(job, known.Job))
                {
                    yield return new JobUpdate(Changed: job);
                }

                seen[job.Id] = (job, job.Outcome is null ? next : long.MaxValue);
            }

            foreach (var id in seen.Keys.Except(all.Select(live => live.Job.Id)).ToList())
            {
                seen.Remove(id);
            }

            await Task.Delay(LiveJob.Together, time, cancellationToken);
            await changes.WaitAsync(Timeout.InfiniteTimeSpan, time, cancellationToken);
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

    // Newest first.
    private LiveJob[] Live()
    {
        using var _ = _gate.EnterScope();
        return
        [
            .. _jobs.Values.OrderByDescending(live => live.Job.CreatedAt).ThenByDescending(live => live.Job.Id, StringComparer.Ordinal),
        ];
    }
}
