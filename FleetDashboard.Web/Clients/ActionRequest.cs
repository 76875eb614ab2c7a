using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>A request to run an action on one container or on an app.</summary>
/// <param name="Action">The action's name.</param>
/// <param name="Collector">The address of the host's Collector.</param>
/// <param name="App">The app: all of it where no container is named.</param>
/// <param name="ContainerId">The one container, or null.</param>
/// <param name="Key">The idempotency key: the same request sent twice is one job.</param>
public sealed record ActionRequest(string Action, Uri Collector, string App, string? ContainerId, string Key)
{
    public static ActionRequest New(string action, Uri collector, string app, string? containerId) =>
        new(action, collector, app, containerId, Guid.NewGuid().ToString("N"));

    /// <summary>The Collector's route for it.</summary>
    internal string Path =>
        ContainerId is { } id
            ? CollectorRoutes.Fill(CollectorRoutes.ContainerAction, id, Action)
            : CollectorRoutes.Fill(CollectorRoutes.AppAction, App, Action);
}
