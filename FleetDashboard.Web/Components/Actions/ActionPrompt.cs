using FleetDashboard.Web.Clients;

namespace FleetDashboard.Web.Components.Actions;

/// <summary>Opens the confirmation dialog for the menus of one viewer, and keeps the jobs that the viewer has dismissed.</summary>
internal sealed class ActionPrompt
{
    private readonly HashSet<string> _dismissed = [];

    public event Action<ActionRequest>? Asked;

    public void Ask(string action, ActionMenuModel menu) =>
        Asked?.Invoke(ActionRequest.New(action, menu.Collector, menu.App, menu.ContainerId));

    /// <summary>Removes an ended job from this viewer's cards.</summary>
    public void Dismiss(string job) => _dismissed.Add(job);

    public bool IsDismissed(string job) => _dismissed.Contains(job);
}
