using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Actions;

/// <summary>The names of actions and of the states of jobs.</summary>
internal static class ActionText
{
    /// <summary>The title of an action; its name where no Collector offers the action any more.</summary>
    public static string Title(FleetView view, string action) =>
        view.Hosts.SelectMany(host => host.Snapshot?.Actions ?? []).FirstOrDefault(one => one.Name == action)?.Title ?? action;

    /// <summary>The state of a job as the page shows it.</summary>
    public static string State(string state) =>
        state switch
        {
            JobStates.Queued => "Waiting",
            JobStates.Running => "Running",
            JobStates.Succeeded => "Succeeded",
            JobStates.Failed => "Failed",
            JobStates.Interrupted => "Interrupted",
            JobStates.Cancelled => "Cancelled",
            _ => state,
        };

    /// <summary>Its colour; null while it waits or runs, which is neither good nor bad.</summary>
    public static HealthColor? Color(string state) =>
        state switch
        {
            JobStates.Succeeded => HealthColor.Green,
            JobStates.Failed => HealthColor.Red,
            JobStates.Interrupted => HealthColor.Amber,
            JobStates.Cancelled => HealthColor.Grey,
            _ => null,
        };

    /// <summary>The CSS class that carries the colour.</summary>
    public static string Class(string state) => Color(state)?.Name() ?? "blue";

    public static string Containers(int count) => count == 1 ? "1 container" : $"{count} containers";
}
