using System.Collections.Frozen;

namespace FleetDashboard.Collector.Actions;

/// <summary>The actions there are, by name.</summary>
internal sealed class ActionList(IEnumerable<IFleetAction> actions)
{
    private readonly FrozenDictionary<string, IFleetAction> _byName = actions.ToFrozenDictionary(action => action.Name);

    public IFleetAction? Find(string name) => _byName.GetValueOrDefault(name);
}
