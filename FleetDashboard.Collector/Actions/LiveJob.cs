using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>What a reader of a job has not seen yet. Both empty: nothing new for a while.</summary>
internal readonly record struct JobNews(Job? Job, ImmutableArray<JobLine> Lines);

/// <summary>A job of this run of the Collector: what is known of it, its raw lines, and those who watch. Safe from any thread.</summary>
internal sealed class LiveJob(Job job, ImmutableArray<ActionTarget> targets, Caller caller, TimeProvider time) : IDisposable
{
    /// <summary>News within this time travel together: a pull tells hundreds of things each second.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly JobLines _lines = new();
    private readonly ConcurrentDictionary<Channel<bool>, bool> _watchers = new();
    private readonly CancellationTokenSource _calledOff = new();
    private Job _job = job;

    public Job Job => Volatile.Read(ref _job);

    public ImmutableArray<ActionTarget> Targets => targets;

    public Caller Caller => caller;

    /// <summary>The request that it was made in, for the trace.</summary>
    public ActivityContext Cause { get; } = Activity.Current?.Context ?? default;

    /// <summary>Cancelled when somebody called it off.</summary>
    public CancellationToken CalledOff => _calledOff.Token;

    /// <summary>Who called it off; null while nobody did.</summary>
    public string? CalledOffBy { get; private set; }

    public bool IsOver => Job.Outcome is not null;

    /// <summary>Changes what is known of it; what is over stays as it is. False when it was over.</summary>
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

        Tell();
        return true;
    }

    /// <summary>Takes it from waiting to running. False when it was called off before.</summary>
    public bool TryBegin()
    {
        using (_gate.EnterScope())
        {
            if (CalledOffBy is not null || IsOver)
            {
                return false;
            }

            Volatile.Write(ref _job, _job with { State = JobStates.Running, StartedAt = time.GetUtcNow() });
        }

        Tell();
        return true;
    }

    /// <summary>Calls it off, once. Says in which state it was; null when that is no longer possible.</summary>
    public string? CallOff(string by)
    {
        string state;
        using (_gate.EnterScope())
        {
            if (IsOver || !_job.CanCancel || CalledOffBy is not null)
            {
                return null;
            }

            (CalledOffBy, state) = (by, _job.State);
        }

        _calledOff.Cancel();
        return state;
    }

    public void AddLine(string container, string text)
    {
        using (_gate.EnterScope())
        {
            _lines.Add(new JobLine(time.GetUtcNow(), container, text));
        }

        Tell();
    }

    /// <summary>All that is known, then each change, until it is over.</summary>
    /// <param name="silence">After so long without news an empty one says that all is well.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<JobNews> WatchAsync(TimeSpan silence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Registered before the first look, so that nothing falls between.
        var watcher = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        _watchers[watcher] = true;
        try
        {
            Job? seen = null;
            var next = 0L;
            while (true)
            {
                ImmutableArray<JobLine> lines;
                Job now;
                using (_gate.EnterScope())
                {
                    (now, (lines, next)) = (_job, _lines.From(next));
                }

                yield return new JobNews(ReferenceEquals(now, seen) ? null : now, lines);
                seen = now;
                if (now.Outcome is not null)
                {
                    yield break;
                }

                await Task.Delay(Together, time, cancellationToken);
                await WaitAsync(watcher.Reader, silence, cancellationToken);
            }
        }
        finally
        {
            _watchers.TryRemove(watcher, out _);
        }
    }

    public void Dispose() => _calledOff.Dispose();

    private void Tell()
    {
        foreach (var watcher in _watchers.Keys)
        {
            watcher.Writer.TryWrite(true);
        }
    }

    private async Task WaitAsync(ChannelReader<bool> news, TimeSpan silence, CancellationToken cancellationToken)
    {
        using var pause = new CancellationTokenSource(silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, cancellationToken);
        try
        {
            await news.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Silence.
        }
    }
}
