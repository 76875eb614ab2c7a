using System.Collections.Frozen;
using FleetDashboard.Collector.Actions.Rebuild;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Actions;

/// <summary>A container as an action sees it.</summary>
/// <param name="Facts">What the engine said of it last.</param>
/// <param name="App">The app it belongs to.</param>
/// <param name="Ruling">What may be done to it.</param>
/// <param name="Build">What its image is built from; null where that is not known.</param>
/// <param name="UpdateAvailable">True where its tag names another image on this host.</param>
internal sealed record ActionTarget(
    ContainerFacts Facts,
    string App,
    GuardRuling Ruling,
    BuildPlan? Build = null,
    bool UpdateAvailable = false
)
{
    public string Id => Facts.Id;
    public string Name => Facts.Name;
}

/// <summary>
/// Every container of the newest snapshot with what the guard says of it. One writer, the keeper of the snapshot, who is also told through
/// it which container to look at again.
/// </summary>
internal sealed class ActionTargets
{
    private readonly TaskCompletionSource _filled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FrozenDictionary<string, ActionTarget>? _targets;

    /// <summary>Somebody wants a container to be inspected anew, by its id.</summary>
    public event Action<string>? RefreshWanted;

    /// <summary>Null until the engine has been heard for the first time.</summary>
    public FrozenDictionary<string, ActionTarget>? Targets => Volatile.Read(ref _targets);

    /// <summary>Ends when the fleet is known for the first time.</summary>
    public Task Filled => _filled.Task;

    public void Publish(IEnumerable<ActionTarget> targets)
    {
        Volatile.Write(ref _targets, targets.ToFrozenDictionary(target => target.Id));
        _filled.TrySetResult();
    }

    public void Refresh(string id) => RefreshWanted?.Invoke(id);
}
