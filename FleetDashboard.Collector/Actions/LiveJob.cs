using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using FleetDashboard.Contracts;
using FleetDashboard.ServiceDefaults.Async;

namespace FleetDashboard.Collector.Actions;

/// <summary>What a reader of a job has not seen yet. Both empty: nothing is new for a while.</summary>
internal readonly record struct JobNews(Job? Job, ImmutableArray<JobLine> Lines);

/// <summary>A job of this run of the Collector: its state, its raw lines and its readers. Safe from any thread.</summary>
internal sealed class LiveJob(Job job, ImmutableArray<ActionTarget> targets, Caller caller, TimeProvider time) : IDisposable
{
    /// <summary>News within this time travel together. A pull reports hundreds of lines a second.</summary>
    public static readonly TimeSpan Together = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly JobLines _lines = new();
    private readonly ChangeSignal _changes = new();
    private readonly CancellationTokenSource _cancelled = new();
    private Job _job = job;

    public Job Job => Volatile.Read(ref _job);

    public ImmutableArray<ActionTarget> Targets => targets;

    public Caller Caller => caller;

    /// <summary>The trace of the request that asked for the job.</summary>
    public ActivityContext Cause { get; } = Activity.Current?.Context ?? default;

    /// <summary>Cancelled when a user cancels the job.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>The user who cancelled the job; null while nobody did.</summary>
    public string? CancelledBy { get; private set; }

    public bool IsOver => Job.Outcome is not null;

    /// <summary>Set by the store, which tells the readers of all jobs.</summary>
    public Action? OnChange { get; set; }

    /// <summary>Changes the job's state. Returns false for a job that has ended, which stays as it is.</summary>
    public bool Change(Func<Job, Job> change)
    {
        using (_gate.EnterScope())
        {
            if (IsOver)
            {
                return false;
            }

            Volatile.Write(ref _job, change(_job));
        }

        Notify();
        return true;
    }

    /// <summary>Moves the job from waiting to running. False where it was cancelled before.</summary>
    public bool TryBegin()
    {
        using (_gate.EnterScope())
        {
            if (CancelledBy is not null || IsOver)
            {
                return false;
            }

            Volatile.Write(ref _job, _job with { State = JobStates.Running, StartedAt = time.GetUtcNow() });
        }

        Notify();
        return true;
    }

    /// <summary>Cancels the job, once. Returns the state it was in; null where it can no longer be cancelled.</summary>
    public string? Cancel(string by)
    {
        string state;
        using (_gate.EnterScope())
        {
            if (IsOver || !_job.CanCancel || CancelledBy is not null)
            {
                return null;
            }

            (CancelledBy, state) = (by, _job.State);
        }

        _cancelled.Cancel();
        return state;
    }

    public void AddLine(string container, string text)
    {
        using (_gate.EnterScope())
        {
            _lines.Add(new JobLine(time.GetUtcNow(), container, text));
        }

        Notify();
    }

    /// <summary>The job now, and its lines from <paramref name="place"/> on with the place after them.</summary>
    public (Job Job, ImmutableArray<JobLine> Lines, long Next) Since(long place)
    {
        using var _ = _gate.EnterScope();
        var (lines, next) = _lines.From(place);
        return (_job, lines, next);
    }

    /// <summary>The place from which on at most this many lines are kept.</summary>
    public long PlaceOfLast(int lines)
    {
        using var _ = _gate.EnterScope();
        return _lines.PlaceOfLast(lines);
    }

    /// <summary>The job and its lines now, then each change, until the job has ended.</summary>
    /// <param name="silence">After this time without news an empty item shows that the stream is alive.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public async IAsyncEnumerable<JobNews> WatchAsync(TimeSpan silence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Subscribed before the first look, so that no change is lost in between.
        using var changes = _changes.Subscribe();
        Job? seen = null;
        var next = 0L;
        while (true)
        {
            (var now, var lines, next) = Since(next);
            yield return new JobNews(ReferenceEquals(now, seen) ? null : now, lines);
            seen = now;
            if (now.Outcome is not null)
            {
                yield break;
            }

            await Task.Delay(Together, time, cancellationToken);
            await changes.WaitAsync(silence, time, cancellationToken);
        }
    }

    public void Dispose() => _cancelled.Dispose();

    private void Notify()
    {
        _changes.Set();
        OnChange?.Invoke();
    }
}
