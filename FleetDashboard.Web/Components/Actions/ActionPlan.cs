using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Actions;

/// <summary>What a request would do, in words: asked before it is done. The Collector decides anew, and alone, what is done.</summary>
/// <param name="Title">The question.</param>
/// <param name="What">What happens.</param>
/// <param name="IfItFails">What happens when it goes wrong; null where nothing is at stake.</param>
/// <param name="Steps">The containers it is done to, in order.</param>
/// <param name="LeftOut">Those of the app it is not done to, and why.</param>
/// <param name="Confirm">What the button says.</param>
/// <param name="Interrupts">True where what runs is stopped.</param>
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
    /// <summary>Null where nothing of it is there any more.</summary>
    public static ActionPlan? From(ActionRequest request, FleetView view)
    {
        if (
            view.Apps.FirstOrDefault(one => one.Host.Collector == request.Collector && one.App.Name == request.App)
            is not { App: var app, Host: var host }
        )
        {
            return null;
        }
        var there = host.Tag is { } tag ? $" on {tag}" : "";
        var meant = request.ContainerId is { } id ? app.Containers.Where(container => container.Id == id).ToList() : [.. app.Containers];
        // As the Collector takes them, but for what Compose says of who depends on whom, which it alone knows.
        var open = meant
            .Where(container => container.Actions.Contains(request.Action))
            .OrderBy(container => container.StartedAt ?? container.CreatedAt)
            .ThenBy(container => container.Name, StringComparer.Ordinal)
            .ToList();
        var left = meant.Except(open).ToList();
        if (meant.Count == 0)
        {
            return null;
        }
        var whole = request.ContainerId is null;
        var verb = ActionText.Title(request.Action);
        return new ActionPlan(
            whole ? $"{verb} {app.Title}{there}?" : $"{verb} {meant[0].Service} of {app.Title}{there}?",
            Tell(request.Action, open.Count),
            TellFailure(request.Action),
            new(open.Select(container => container.Name)),
            new(
                left.OrderBy(container => container.Service, StringComparer.Ordinal)
                    .Select(container => new Untouched(container.Service, ActionMenuModel.WhyNot(container, request.Action)))
            ),
            whole ? $"{verb} {ActionText.Containers(open.Count)}" : $"{verb} {meant[0].Service}",
            request.Action != ActionNames.Pull
        );
    }

    private static string Tell(string action, int count)
    {
        var (each, many) = (count == 1 ? "It" : "Each", count > 1);
        var order = many ? " One after another: what others depend on first, else as they were started." : "";
        return action switch
        {
            ActionNames.Restart =>
                $"{each} is stopped and started again, and serves nothing meanwhile. It has the time to stop that it was made with, "
                    + $"mostly 10 s; after that the engine kills it.{order}",
            ActionNames.Pull =>
                "The newest image of the tag is fetched from its registry. No container changes by that: an update does it, afterwards.",
            ActionNames.Update =>
                $"{each} is stopped and made anew on the newer image, with the same settings, networks and volumes.{order}",
            ActionNames.Rebuild =>
                $"The image is built first; then {each.ToLowerInvariant()} is stopped and made anew on it, with the same settings, "
                    + $"networks and volumes.{order}",
            _ => "",
        };
    }

    private static string? TellFailure(string action) =>
        action is ActionNames.Update or ActionNames.Rebuild
            ? "The old container is kept until the new one runs and is healthy. If the new one fails, the old one comes back."
            : null;
}
