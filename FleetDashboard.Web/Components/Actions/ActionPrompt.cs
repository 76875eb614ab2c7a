using FleetDashboard.Web.Clients;

namespace FleetDashboard.Web.Components.Actions;

/// <summary>What one viewer is about to do, and which endings they have read: the menus ask here, the one dialog answers.</summary>
internal sealed class ActionPrompt
{
    private readonly HashSet<string> _read = [];

    public event Action<ActionRequest>? Asked;

    public void Ask(string action, ActionMenuModel menu) =>
        Asked?.Invoke(ActionRequest.New(action, menu.Collector, menu.App, menu.ContainerId));

    /// <summary>Takes the end of a job off this viewer's cards.</summary>
    public void Dismiss(string job) => _read.Add(job);

    public bool IsDismissed(string job) => _read.Contains(job);
}
