using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Pages.Fleet;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Actions;

/// <summary>What an operator may do to an app or to one container, and what not and why. Says what the Collector's guard says.</summary>
public sealed record ActionMenuModel
{
    public required string App { get; init; }

    /// <summary>Where the Collector of its host listens.</summary>
    public required Uri Collector { get; init; }

    /// <summary>What people call it.</summary>
    public required string Title { get; init; }

    /// <summary>The one container; null for the whole app.</summary>
    public string? ContainerId { get; init; }

    /// <summary>The ids of the containers meant.</summary>
    public required ValueList<string> Ids { get; init; }

    /// <summary>The actions that are open on at least one of them.</summary>
    public required ValueList<ActionChoice> Choices { get; init; }

    /// <summary>Those on which none is open.</summary>
    public required ValueList<Untouched> Untouched { get; init; }

    /// <summary>How many of them have a newer image on the host.</summary>
    public required int Updates { get; init; }

    /// <summary>The menu's id in the document.</summary>
    public required string Id { get; init; }

    public static ActionMenuModel From(FleetApp app) => From(app, app.App.Title, null, [.. app.App.Containers]);

    public static ActionMenuModel From(FleetApp app, ContainerSnapshot container) =>
        From(app, container.Service, container.Id, [container]);

    /// <summary>Why an action is not open on a container, as a person would say it.</summary>
    public static string WhyNot(ContainerSnapshot container, string action) =>
        container.ProtectedReason
        ?? container.Refusals.FirstOrDefault(refusal => refusal.Action == action)?.Reason
        ?? action switch
        {
            // What has merely nothing to do is not told in the snapshot.
            ActionNames.Update => "this host has no newer image of it: pull first",
            ActionNames.Rebuild => "nothing says what its image is built from",
            _ => "actions are switched off on this host (Actions:Enabled)",
        };

    private static ActionMenuModel From(FleetApp app, string title, string? containerId, ContainerSnapshot[] containers) =>
        new()
        {
            App = app.App.Name,
            Collector = app.Host.Collector,
            Id = "acts-" + (containerId ?? AppCardModel.AnchorOf(app.Key)),
            Title = title,
            ContainerId = containerId,
            Ids = new(containers.Select(container => container.Id)),
            Choices = new(
                from action in ActionNames.All
                let open = containers.Count(container => container.Actions.Contains(action))
                where open > 0
                select new ActionChoice(action, open, containers.Length)
            ),
            Untouched = new(
                from container in containers
                where container.Actions.IsEmpty
                select new Untouched(container.Service, WhyNot(container, ActionNames.Restart))
            ),
            Updates = containers.Count(container => container.UpdateAvailable),
        };
}

/// <summary>An action that is open on some of the containers.</summary>
public sealed record ActionChoice(string Action, int Open, int Total);

/// <summary>A container that is left alone, and why.</summary>
public sealed record Untouched(string Service, string Reason);
