using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Clients;

/// <summary>Something to be done to one container or to an app.</summary>
/// <param name="Action">One of <see cref="ActionNames"/>.</param>
/// <param name="Collector">Where the Collector of its host listens.</param>
/// <param name="App">The app; the whole of it where no container is named.</param>
/// <param name="ContainerId">The one container, or null.</param>
/// <param name="Key">Makes the same request sent twice one job.</param>
public sealed record ActionRequest(string Action, Uri Collector, string App, string? ContainerId, string Key)
{
    public static ActionRequest New(string action, Uri collector, string app, string? containerId) =>
        new(action, collector, app, containerId, Guid.NewGuid().ToString("N"));

    /// <summary>The Collector's route for it; null for an action that this version does not know.</summary>
    internal string? Path =>
        (Action, ContainerId) switch
        {
            (ActionNames.Restart, null) => OfApp(CollectorRoutes.AppRestart),
            (ActionNames.Pull, null) => OfApp(CollectorRoutes.AppPull),
            (ActionNames.Update, null) => OfApp(CollectorRoutes.AppUpdate),
            (ActionNames.Rebuild, null) => OfApp(CollectorRoutes.AppRebuild),
            (ActionNames.Restart, { } id) => OfContainer(CollectorRoutes.ContainerRestart, id),
            (ActionNames.Pull, { } id) => OfContainer(CollectorRoutes.ContainerPull, id),
            (ActionNames.Update, { } id) => OfContainer(CollectorRoutes.ContainerUpdate, id),
            (ActionNames.Rebuild, { } id) => OfContainer(CollectorRoutes.ContainerRebuild, id),
            _ => null,
        };

    private string OfApp(string route) => route.Replace("{app}", Uri.EscapeDataString(App), StringComparison.Ordinal);

    private static string OfContainer(string route, string id) => route.Replace("{id}", Uri.EscapeDataString(id), StringComparison.Ordinal);
}
