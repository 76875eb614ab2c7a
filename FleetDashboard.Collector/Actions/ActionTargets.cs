using System.Collections.Frozen;
using FleetDashboard.Collector.Actions.Rebuild;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Actions;

/// <summary>A container as an action sees it.</summary>
/// <param name="Facts">Its last inspection.</param>
/// <param name="App">The app it belongs to.</param>
/// <param name="Ruling">The actions that the guard permits.</param>
/// <param name="Build">What its image is built from; null where no build source was found.</param>
/// <param name="UpdateAvailable">True where its tag names another image on this host.</param>
/// <param name="Order">Its position in the order in which an action on the app takes the containers: see <see cref="StartOrder"/>.</param>
internal sealed record ActionTarget(
    ContainerFacts Facts,
    string App,
    GuardRuling Ruling,
    BuildPlan? Build = null,
    bool UpdateAvailable = false,
    int Order = 0
)
{
    public string Id => Facts.Id;
    public string Name => Facts.Name;
}

/// <summary>Every container of the newest snapshot with its ruling. The snapshot writer publishes it; the actions read it.</summary>
internal sealed class ActionTargets
{
    private readonly TaskCompletionSource _filled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FrozenDictionary<string, ActionTarget>? _targets;

    /// <summary>By container id; null until the whole fleet was inspected for the first time.</summary>
    public FrozenDictionary<string, ActionTarget>? Targets => Volatile.Read(ref _targets);

    /// <summary>Completes when the whole fleet was inspected for the first time.</summary>
    public Task Filled => _filled.Task;

    public void Publish(IEnumerable<ActionTarget> targets)
    {
        Volatile.Write(ref _targets, targets.ToFrozenDictionary(target => target.Id));
        _filled.TrySetResult();
    }
}
