using System.Collections.Concurrent;
using System.Threading.Channels;

namespace FleetDashboard.ServiceDefaults.Async;

/// <summary>
/// Wakes every subscriber. Several signals before a subscriber waits again count as one, so a slow subscriber costs no memory.
/// </summary>
public sealed class ChangeSignal
{
    private readonly ConcurrentDictionary<ChangeSubscription, bool> _subscriptions = new();

    /// <summary>Wakes every subscriber, or lets its next wait end at once.</summary>
    public void Set()
    {
        foreach (var subscription in _subscriptions.Keys)
        {
            subscription.Set();
        }
    }

    /// <summary>Receives the signals from now on, until the subscription is disposed.</summary>
    public ChangeSubscription Subscribe()
    {
        var subscription = new ChangeSubscription(ended => _subscriptions.TryRemove(ended, out _));
        _subscriptions[subscription] = true;
        return subscription;
    }
}

/// <summary>One subscriber of a <see cref="ChangeSignal"/>.</summary>
public sealed class ChangeSubscription : IDisposable
{
    private readonly Channel<bool> _set = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private readonly Action<ChangeSubscription> _end;

    internal ChangeSubscription(Action<ChangeSubscription> end) => _end = end;

    /// <summary>Waits for a signal, at most <paramref name="longest"/>. False where none came in time.</summary>
    public async Task<bool> WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken) =>
        await _set.Reader.WaitToReadAsync(longest, time, cancellationToken) && _set.Reader.TryRead(out _);

    /// <inheritdoc />
    public void Dispose() => _end(this);

    internal void Set() => _set.Writer.TryWrite(true);
}
