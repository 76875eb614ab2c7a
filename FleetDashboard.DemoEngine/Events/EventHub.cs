using System.Threading.Channels;

namespace FleetDashboard.DemoEngine.Events;

/// <summary>Sends events to all subscribers and remembers the last ones, as many as the real engine does.</summary>
internal sealed class EventHub
{
    private const int Remembered = 256;

    // A subscriber that reads nothing loses events, as at the real engine. It never queues more than this.
    private const int Waiting = 4096;

    private readonly Lock _gate = new();
    private readonly Queue<DemoEvent> _past = new(Remembered);
    private readonly List<Channel<DemoEvent>> _subscribers = [];
    private TaskCompletionSource _arrival = NewArrival();

    public int SubscriberCount
    {
        get
        {
            lock (_gate)
            {
                return _subscribers.Count;
            }
        }
    }

    public void Publish(DemoEvent happened)
    {
        lock (_gate)
        {
            if (_past.Count == Remembered)
            {
                _past.Dequeue();
            }

            _past.Enqueue(happened);
            foreach (var subscriber in _subscribers)
            {
                subscriber.Writer.TryWrite(happened);
            }
        }
    }

    /// <summary>Returns past events and subscribes in one step, so that no event is missing or duplicated.</summary>
    public Subscription Subscribe()
    {
        var channel = Channel.CreateBounded<DemoEvent>(
            new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }
        );
        lock (_gate)
        {
            _subscribers.Add(channel);
            _arrival.SetResult();
            _arrival = NewArrival();
            return new Subscription(this, channel, [.. _past]);
        }
    }

    /// <summary>For tests, which must wait for a subscriber before they cause an event.</summary>
    public async Task WaitForSubscribersAsync(int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task arrival;
            lock (_gate)
            {
                if (_subscribers.Count >= count)
                {
                    return;
                }

                arrival = _arrival.Task;
            }

            await arrival.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Leave(Channel<DemoEvent> channel)
    {
        lock (_gate)
        {
            _subscribers.Remove(channel);
        }
    }

    internal sealed class Subscription(EventHub hub, Channel<DemoEvent> channel, IReadOnlyList<DemoEvent> past) : IDisposable
    {
        public IReadOnlyList<DemoEvent> Past => past;

        public ChannelReader<DemoEvent> Live => channel.Reader;

        public void Dispose() => hub.Leave(channel);
    }
}
