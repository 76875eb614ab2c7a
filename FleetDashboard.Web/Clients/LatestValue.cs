using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace FleetDashboard.Web.Clients;

/// <summary>A value that many watch. A watcher that is slow misses what is no longer true and costs nothing.</summary>
internal sealed class LatestValue<T>(T first)
    where T : class
{
    private readonly Lock _gate = new();
    private readonly HashSet<Channel<T>> _watchers = [];
    private T _current = first;
    private TaskCompletionSource? _deserted;

    public T Current => Volatile.Read(ref _current);

    public int Watchers
    {
        get
        {
            using var _ = _gate.EnterScope();
            return _watchers.Count;
        }
    }

    /// <summary>Ends as soon as nobody watches: what a test of leaving viewers awaits.</summary>
    internal Task NobodyWatchesAsync(CancellationToken cancellationToken)
    {
        using var _ = _gate.EnterScope();
        return _watchers.Count == 0
            ? Task.CompletedTask
            : (_deserted ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(cancellationToken);
    }

    public void Publish(T value)
    {
        using var _ = _gate.EnterScope();
        Volatile.Write(ref _current, value);
        foreach (var watcher in _watchers)
        {
            watcher.Writer.TryWrite(value);
        }
    }

    /// <summary>The value now, then each newer one, until the token ends it.</summary>
    /// <param name="entered">Called once the watcher counts; null for nothing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<T> WatchAsync(Action? entered, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        using (_gate.EnterScope())
        {
            _watchers.Add(channel);
        }
        try
        {
            entered?.Invoke();
            // Subscribed first, read second: what is published in between is then seen twice, never missed.
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
