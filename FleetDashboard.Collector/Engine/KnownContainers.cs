using System.Collections.Immutable;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// The containers of the newest snapshot. The snapshot writer publishes them; the loops of the session read them to know which containers
/// run. Safe to use from anywhere.
/// </summary>
internal sealed class KnownContainers
{
    private ImmutableArray<ContainerFacts> _containers = [];
    private TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ImmutableArray<ContainerFacts> Current => _containers;

    /// <summary>True once every container of the session's first list was inspected.</summary>
    public bool IsComplete => Volatile.Read(ref _complete).Task.IsCompleted;

    /// <summary>Completes once every container of the session's first list was inspected.</summary>
    public Task CompleteAsync(CancellationToken cancellationToken) => Volatile.Read(ref _complete).Task.WaitAsync(cancellationToken);

    /// <summary>A new session: nothing counts as complete until the writer publishes again.</summary>
    public void Begin() => Volatile.Write(ref _complete, new(TaskCreationOptions.RunContinuationsAsynchronously));

    public void Publish(ImmutableArray<ContainerFacts> containers)
    {
        ImmutableInterlocked.InterlockedExchange(ref _containers, containers);
        Volatile.Read(ref _complete).TrySetResult();
    }
}
