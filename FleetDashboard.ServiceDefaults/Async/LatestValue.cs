using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace FleetDashboard.ServiceDefaults.Async;

/// <summary>A value with many watchers. A slow watcher misses outdated values and costs no memory.</summary>
public sealed class LatestValue<T>(T first)
    where T : notnull
{
    private readonly Lock _gate = new();
    private readonly HashSet<Channel<T>> _watchers = [];
    private readonly StrongBox<T> _first = new(first);
    private StrongBox<T>? _current;
    private TaskCompletionSource? _deserted;

    public T Current => (Volatile.Read(ref _current) ?? _first).Value!;

    public int Watchers
    {
        get
        {
            using var _ = _gate.EnterScope();
            return _watchers.Count;
        }
    }

    /// <summary>Completes as soon as nobody watches. Tests of leaving viewers await it.</summary>
    public Task NobodyWatchesAsync(CancellationToken cancellationToken)
    {
        using var _ = _gate.EnterScope();
        return _watchers.Count == 0
            ? Task.CompletedTask
            : (_deserted ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(cancellationToken);
    }

    public void Publish(T value)
    {
        using var _ = _gate.EnterScope();
        Volatile.Write(ref _current, new StrongBox<T>(value));
        foreach (var watcher in _watchers)
        {
            watcher.Writer.TryWrite(value);
        }
    }

    /// <summary>The value now, then each newer one, until the token is cancelled.</summary>
    public async IAsyncEnumerable<T> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        using (_gate.EnterScope())
        {
            _watchers.Add(channel);
        }

        try
        {
            // Subscribed before the first look: a value that is published in between is seen twice, never missed.
            yield return Current;
            await foreach (var value in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return value;
            }
        }
        finally
        {
            using var _ = _gate.EnterScope();
            _watchers.Remove(channel);
            if (_watchers.Count == 0)
            {
                _deserted?.TrySetResult();
                _deserted = null;
            }
        }
    }
}
