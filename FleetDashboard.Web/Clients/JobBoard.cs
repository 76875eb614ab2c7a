using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>
/// What was heard of the jobs, put together: from the list, from the stream of each, from the answer to whoever started one. Safe from any
/// thread.
/// </summary>
internal sealed class JobBoard(Uri collector, TimeProvider time)
{
    /// <summary>How long the end of a job is news.</summary>
    public static readonly TimeSpan News = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly HashSet<string> _old = [];
    private long _endings;

    /// <summary>Those not known to be over.</summary>
    public ImmutableArray<Job> Jobs
    {
        get
        {
            using var _ = _gate.EnterScope();
            return [.. Ordered(entry => entry.EndedAt is null).Select(job => job.Job)];
        }
    }

    /// <summary>Whether a job is known and not known to be over.</summary>
    public bool IsUnderWay(string id)
    {
        using var _ = _gate.EnterScope();
        return _entries.GetValueOrDefault(id) is { EndedAt: null };
    }

    /// <summary>One job as it is now. What is over stays as it is.</summary>
    public void Put(Job job)
    {
        using var _ = _gate.EnterScope();
        if (_old.Contains(job.Id))
        {
            return;
        }
        var known = _entries.GetValueOrDefault(job.Id);
        if (known?.EndedAt is not null)
        {
            return;
        }
        if (job.Outcome is null)
        {
            _entries[job.Id] = new Entry(new FleetJob(collector, job), null);
            return;
        }
        // Seen ending, it ended now. Found ended, its own word counts, and a clock that differs makes it old.
        var now = time.GetUtcNow();
        var endedAt = known is not null ? now : job.FinishedAt ?? now;
        _endings++;
        if ((now - endedAt).Duration() < News)
        {
            _entries[job.Id] = new Entry(new FleetJob(collector, job), endedAt < now ? endedAt : now);
        }
        else
        {
            _entries.Remove(job.Id);
            _old.Add(job.Id);
        }
    }

    /// <summary>The whole list: what it leaves out need not be remembered, except what is under way.</summary>
    /// <param name="jobs">All that the Collector told.</param>
    /// <param name="told">Whose own stream tells more, and sooner.</param>
    public void PutAll(IReadOnlyCollection<Job> jobs, Func<string, bool> told)
    {
        foreach (var job in jobs.Where(job => !told(job.Id)))
        {
            Put(job);
        }
        using var _ = _gate.EnterScope();
        _old.IntersectWith(jobs.Select(job => job.Id));
        foreach (var (id, _) in _entries.Where(pair => time.GetUtcNow() - pair.Value.EndedAt >= News).ToList())
        {
            _entries.Remove(id);
            _old.Add(id);
        }
    }

    /// <summary>A job of which the Collector knows nothing any more.</summary>
    public void Drop(string id)
    {
        using var _ = _gate.EnterScope();
        _entries.Remove(id);
    }

    /// <summary>What is known; the last view itself where nothing differs.</summary>
    public JobsView View(JobsView last, bool known, string? error)
    {
        using var _ = _gate.EnterScope();
        ImmutableArray<FleetJob> active = [.. Ordered(entry => entry.EndedAt is null)],
            ended = [.. Ordered(entry => entry.EndedAt is not null)];
        return
            last.Known == known
            && last.Troubles.FirstOrDefault()?.Sentence == error
            && last.Endings == _endings
            && Same(last.Active, active)
            && Same(last.Ended, ended)
            ? last
            : new JobsView
            {
                Active = active,
                Ended = ended,
                Endings = _endings,
                Known = known,
                Troubles = error is null ? [] : [new HostTrouble(collector, error)],
            };
    }

    private IEnumerable<FleetJob> Ordered(Func<Entry, bool> which) =>
        JobsView.NewestFirst(_entries.Values.Where(which).Select(entry => entry.Job));

    private static bool Same(IEnumerable<FleetJob> one, IEnumerable<FleetJob> other) =>
        one.SequenceEqual(other, ReferenceEqualityComparer.Instance);

    private sealed record Entry(FleetJob Job, DateTimeOffset? EndedAt);
}
