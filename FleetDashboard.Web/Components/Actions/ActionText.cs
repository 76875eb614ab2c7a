using FleetDashboard.Contracts;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Actions;

/// <summary>What actions and the states of jobs are called.</summary>
internal static class ActionText
{
    public static string Title(string action) =>
        action switch
        {
            ActionNames.Restart => "Restart",
            ActionNames.Pull => "Pull",
            ActionNames.Update => "Update",
            ActionNames.Rebuild => "Rebuild",
            _ => action,
        };

    public static string Hint(string action) =>
        action switch
        {
            ActionNames.Restart => "stop and start again",
            ActionNames.Pull => "fetch the newest image; changes nothing yet",
            ActionNames.Update => "make anew on the newer image",
            ActionNames.Rebuild => "build the image, then make anew",
            _ => "",
        };

    /// <summary>The state of a job in a word.</summary>
    public static string State(string state) =>
        state switch
        {
            JobStates.Queued => "Waiting",
            JobStates.Running => "Under way",
            JobStates.Succeeded => "Succeeded",
            JobStates.Failed => "Failed",
            JobStates.Interrupted => "Interrupted",
            JobStates.Cancelled => "Called off",
            _ => state,
        };

    /// <summary>Its colour; null while it is under way, which is neither good nor bad.</summary>
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
