using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Actions;

/// <summary>
/// What the confirmation dialog says about a request. All of it comes from the snapshot; the Collector checks again before it acts.
/// </summary>
/// <param name="Title">The question.</param>
/// <param name="What">What happens.</param>
/// <param name="IfItFails">What happens when it fails; null where nothing is at stake.</param>
/// <param name="Steps">The containers, in the order in which the Collector takes them.</param>
/// <param name="LeftOut">The containers of the app that it leaves alone, and why.</param>
/// <param name="Confirm">The button's text.</param>
/// <param name="Interrupts">True where a running container is stopped.</param>
internal sealed record ActionPlan(
    string Title,
    string What,
    string? IfItFails,
    ValueList<string> Steps,
    ValueList<Untouched> LeftOut,
    string Confirm,
    bool Interrupts
)
{
    /// <summary>Null where the app, the container or the action no longer exists.</summary>
    public static ActionPlan? From(ActionRequest request, FleetView view)
    {
        var placed = view.Apps.FirstOrDefault(one => one.Host.Collector == request.Collector && one.App.Name == request.App);
        if (placed?.Snapshot.Actions.FirstOrDefault(one => one.Name == request.Action) is not { } action)
        {
            return null;
        }
        var (app, whole) = (placed.App, request.ContainerId is null);
        var meant = app.Containers.Where(container => whole || container.Id == request.ContainerId).ToList();
        if (meant.Count == 0)
        {
            return null;
        }
        var open = meant.Where(container => container.Actions.Contains(action.Name)).OrderBy(container => container.Order).ToList();
        var there = placed.Host.Tag is { } tag ? $" on {tag}" : "";
        return new ActionPlan(
            whole ? $"{action.Title} {app.Title}{there}?" : $"{action.Title} {meant[0].Service} of {app.Title}{there}?",
            open.Count > 1 ? action.ConfirmSeveral : action.Confirm,
            action.IfItFails,
            new(open.Select(container => container.Name)),
            new(
                meant
                    .Except(open)
                    .OrderBy(container => container.Service, StringComparer.Ordinal)
                    .Select(container => new Untouched(container.Service, placed.Snapshot.WhyNot(container, action.Name) ?? ""))
            ),
            whole ? $"{action.Title} {ActionText.Containers(open.Count)}" : $"{action.Title} {meant[0].Service}",
            action.Interrupts
        );
    }
}
