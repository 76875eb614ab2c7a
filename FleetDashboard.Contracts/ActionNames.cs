using System.Collections.Immutable;

namespace FleetDashboard.Contracts;

/// <summary>
/// The actions that have a fixed route of their own, by the names that routes, jobs, metrics and the audit trail use. A Collector may have
/// more actions: <see cref="FleetSnapshot.Actions"/> lists all of them.
/// </summary>
public static class ActionNames
{
    /// <summary>The engine's restart, with the container's own stop timeout.</summary>
    public const string Restart = "restart";

    /// <summary>Pulls the tag that the container runs. Changes no container.</summary>
    public const string Pull = "pull";

    /// <summary>Recreates the container from the newer image that is already on the host.</summary>
    public const string Update = "update";

    /// <summary>Builds the image, then recreates the container from it.</summary>
    public const string Rebuild = "rebuild";

    /// <summary>The actions whose routes are part of the contract.</summary>
    public static readonly ImmutableArray<string> WithFixedRoutes = [Restart, Pull, Update, Rebuild];
}

/// <summary>An action as the page offers it. The page has no text of its own about actions.</summary>
/// <param name="Name">Its name in routes, jobs, metrics and the audit trail: lower-case letters, digits and hyphens.</param>
/// <param name="Title">The menu entry and the button.</param>
/// <param name="Hint">A short explanation.</param>
/// <param name="Confirm">What happens to one container, as the confirmation dialog says it.</param>
/// <param name="ConfirmSeveral">The same for several containers.</param>
/// <param name="IfItFails">What happens when it fails; null where nothing is at stake.</param>
/// <param name="Interrupts">True where a running container is stopped.</param>
public sealed record ActionDescription(
    string Name,
    string Title,
    string Hint,
    string Confirm,
    string ConfirmSeveral,
    string? IfItFails,
    bool Interrupts
);

/// <summary>Why an action is not offered for a container.</summary>
/// <param name="Action">The action's name.</param>
/// <param name="Code">A stable code for machines, one of <see cref="RefusalCodes"/>.</param>
/// <param name="Reason">The reason for people, without the container's name.</param>
public sealed record ActionRefusal(string Action, string Code, string Reason);
