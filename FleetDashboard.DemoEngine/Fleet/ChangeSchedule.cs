namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>Future changes, ordered by time. Used under the lock of <see cref="DemoFleet"/>.</summary>
internal sealed class ChangeSchedule
{
    private readonly PriorityQueue<Entry, DateTimeOffset> _queue = new();

    /// <summary>Schedules a change, which is skipped if the container changes before.</summary>
    public void Plan(DemoContainer container, DateTimeOffset at, Action<DateTimeOffset> act) =>
        _queue.Enqueue(new Entry(container, container.State.Generation, act), at);

    public void Plan(DateTimeOffset at, Action<DateTimeOffset> act) => _queue.Enqueue(new Entry(null, 0, act), at);

    /// <summary>Runs everything that is due, in order and each with its own time, even if the caller is late.</summary>
    public void Run(DateTimeOffset now)
    {
        while (_queue.TryPeek(out var entry, out var due) && due <= now)
        {
            _queue.Dequeue();
            if (entry.Container is null || entry.Container.State.Generation == entry.Generation)
            {
                entry.Act(due);
            }
        }
    }

    private readonly record struct Entry(DemoContainer? Container, long Generation, Action<DateTimeOffset> Act);
}
