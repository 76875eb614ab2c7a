using System.Collections.Immutable;
using FleetDashboard.Contracts;
using FleetDashboard.ServiceDefaults.Async;

namespace FleetDashboard.Web.Clients;

/// <summary>The jobs of one Collector, as its stream sends them. Safe from any thread.</summary>
internal sealed class HostJobs(Uri collector, Action changed, TimeProvider time)
{
    /// <summary>How long the end of a job is shown.</summary>
    public static readonly TimeSpan News = TimeSpan.FromMinutes(1);

    /// <summary>How many raw lines of a job are kept.</summary>
    public const int LinesKept = 300;

    /// <summary>How many jobs are kept. The Collector's own limits are lower.</summary>
    private const int MostJobs = 400;

    /// <summary>How long an ended job is remembered. A reconnected stream lists the jobs of the last two minutes again.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, HeldJob> _entries = [];
    private JobsView _current = JobsView.Nothing;
    private string? _error;
    private bool _known;
    private long _endings;

    /// <summary>The same instance while nothing changed.</summary>
    public JobsView Current => Volatile.Read(ref _current);

    /// <summary>The stream was opened and has listed all jobs. Their lines follow.</summary>
    public void Start(ImmutableArray<Job> jobs) =>
        Apply(() =>
        {
            (_known, _error) = (true, null);
            foreach (
                var gone in _entries
                    .Where(pair => pair.Value.EndedAt is null)
                    .Select(pair => pair.Key)
                    .Except(jobs.Select(job => job.Id))
                    .ToList()
            )
            {
                _entries.Remove(gone);
                _endings++;
            }
            foreach (var job in jobs.Take(MostJobs))
            {
                Set(job);
                _entries.GetValueOrDefault(job.Id)?.Lines.Publish([]);
            }
        });

    /// <summary>The stream sent a job that is new or has changed.</summary>
    public void Put(Job job) => Apply(() => Set(job));

    /// <summary>The answer to a request. Where the stream has sent the job already, the stream is newer.</summary>
    public void PutNew(Job job) =>
        Apply(() =>
        {
            if (!_entries.ContainsKey(job.Id))
            {
                Set(job);
            }
        });

    /// <summary>The stream sent raw lines of a job.</summary>
    public void Add(JobOutput output)
    {
        if (LinesOf(output.Job) is { } lines)
        {
            lines.Publish([.. lines.Current.Concat(output.Lines).TakeLast(LinesKept)]);
        }
    }

    /// <summary>The stream has ended; null where it is open.</summary>
    public void Fail(string error) => Apply(() => _error = error);

    /// <summary>Takes ended jobs off the view when their time is over. Called with each event of the stream.</summary>
    public void Sweep() =>
        Apply(() =>
        {
            foreach (var (id, _) in _entries.Where(pair => time.GetUtcNow() - pair.Value.EndedAt >= Remembered).ToList())
            {
                _entries.Remove(id);
            }
        });

    /// <summary>The last raw lines of a job; null for an unknown job.</summary>
    public LatestValue<ImmutableArray<JobLine>>? LinesOf(string job)
    {
        using var _ = _gate.EnterScope();
        return _entries.GetValueOrDefault(job)?.Lines;
    }

    // An ended job stays as it is: the answer to an older request may arrive late.
    private void Set(Job job)
    {
        var known = _entries.GetValueOrDefault(job.Id);
        if (known?.EndedAt is not null || (known is null && _entries.Count >= MostJobs))
        {
            return;
        }
        var lines = known?.Lines ?? new LatestValue<ImmutableArray<JobLine>>([]);
        DateTimeOffset? endedAt = null;
        if (job.Outcome is not null)
        {
            // For a job that was followed, the end is now. Otherwise the Collector's time counts, and a clock that differs makes it old.
            var now = time.GetUtcNow();
            var told = known is not null ? now : job.FinishedAt ?? now;
            endedAt = (now - told).Duration() < News ? (told < now ? told : now) : now - News;
            _endings++;
        }
        _entries[job.Id] = new HeldJob(new FleetJob(collector, job), endedAt, lines);
    }

    private void Apply(Action change)
    {
        using (_gate.EnterScope())
        {
            change();
            var view = View();
            if (ReferenceEquals(view, Current))
            {
                return;
            }
            Volatile.Write(ref _current, view);
        }
        changed();
    }

    private JobsView View()
    {
        var now = time.GetUtcNow();
        ImmutableArray<FleetJob> active = [.. NewestFirst(entry => entry.EndedAt is null)],
            ended = [.. NewestFirst(entry => now - entry.EndedAt < News)];
        var last = Current;
        return
            last.Known == _known
            && last.Troubles.FirstOrDefault()?.Sentence == _error
            && last.Endings == _endings
            && Same(last.Active, active)
            && Same(last.Ended, ended)
            ? last
            : new JobsView
            {
                Active = active,
                Ended = ended,
                Endings = _endings,
                Known = _known,
                Troubles = _error is null ? [] : [new HostTrouble(collector, _error)],
            };
    }

    private IEnumerable<FleetJob> NewestFirst(Func<HeldJob, bool> which) =>
        JobsView.NewestFirst(_entries.Values.Where(which).Select(entry => entry.Job));

    private static bool Same(IEnumerable<FleetJob> one, IEnumerable<FleetJob> other) =>
        one.SequenceEqual(other, ReferenceEqualityComparer.Instance);

    private sealed record HeldJob(FleetJob Job, DateTimeOffset? EndedAt, LatestValue<ImmutableArray<JobLine>> Lines);
}
