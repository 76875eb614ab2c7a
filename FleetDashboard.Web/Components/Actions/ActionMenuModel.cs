using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Actions;

/// <summary>The actions that the Collector offers for an app or for one container, and the reasons for those it does not.</summary>
public sealed record ActionMenuModel
{
    public required string App { get; init; }

    /// <summary>The address of the host's Collector.</summary>
    public required Uri Collector { get; init; }

    /// <summary>The name that people use.</summary>
    public required string Title { get; init; }

    /// <summary>The one container; null for the whole app.</summary>
    public string? ContainerId { get; init; }

    /// <summary>The ids of the containers that the menu is about.</summary>
    public required ValueList<string> Ids { get; init; }

    /// <summary>The actions that are offered for at least one of them.</summary>
    public required ValueList<ActionChoice> Choices { get; init; }

    /// <summary>The containers for which no action is offered.</summary>
    public required ValueList<Untouched> Untouched { get; init; }

    /// <summary>The number of containers with a newer image on the host.</summary>
    public required int Updates { get; init; }

    /// <summary>The menu's id in the document.</summary>
    public required string Id { get; init; }

    public static ActionMenuModel From(FleetApp app) => From(app, app.App.Title, null, [.. app.App.Containers]);

    public static ActionMenuModel From(FleetApp app, ContainerSnapshot container) =>
        From(app, container.Service, container.Id, [container]);

    private static ActionMenuModel From(FleetApp app, string title, string? containerId, ContainerSnapshot[] containers) =>
        new()
        {
            App = app.App.Name,
            Collector = app.Host.Collector,
            Id = "acts-" + (containerId ?? app.Anchor),
            Title = title,
            ContainerId = containerId,
            Ids = new(containers.Select(container => container.Id)),
            Choices = new(
                from action in app.Snapshot.Actions
                let open = containers.Count(container => container.Actions.Contains(action.Name))
                where open > 0
                select new ActionChoice(action.Name, action.Title, action.Hint, open, containers.Length)
            ),
            Untouched = new(
                from container in containers
                where container.Actions.IsEmpty
                from action in app.Snapshot.Actions.Take(1)
                select new Untouched(container.Service, app.Snapshot.WhyNot(container, action.Name) ?? "")
            ),
            Updates = containers.Count(container => container.UpdateAvailable),
        };
}

/// <summary>An action that is offered for some of the containers.</summary>
public sealed record ActionChoice(string Action, string Title, string Hint, int Open, int Total);

/// <summary>A container that an action leaves alone, and why.</summary>
public sealed record Untouched(string Service, string Reason);
