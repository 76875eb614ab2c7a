using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>All actions, in the order in which they were registered. That is also the order of the menu.</summary>
internal sealed class ActionList
{
    private readonly ImmutableArray<IFleetAction> _actions;

    public ActionList(IEnumerable<IFleetAction> actions)
    {
        _actions = [.. actions];
        Descriptions = [.. _actions.Select(action => action.Description)];
        Names = [.. Descriptions.Select(description => description.Name)];
    }

    /// <summary>What the snapshot tells the page about them.</summary>
    public ImmutableArray<ActionDescription> Descriptions { get; }

    public ImmutableArray<string> Names { get; }

    public ImmutableArray<IFleetAction> All => _actions;

    public IFleetAction? Find(string name) => _actions.FirstOrDefault(action => action.Description.Name == name);
}
