using System.Collections.Immutable;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>The guard's decision on one container. It does not depend on the caller.</summary>
/// <param name="Protection">Why no action is offered at all; null where some may be.</param>
/// <param name="Allowed">The names of the actions that are offered to an operator.</param>
/// <param name="Refused">Why each other action is not offered.</param>
internal sealed record GuardRuling(Refusal? Protection, ImmutableArray<string> Allowed, ImmutableArray<ActionRefusal> Refused)
{
    /// <summary>Why an action is not offered; null where it is.</summary>
    public ActionRefusal? Against(string action) => Refused.FirstOrDefault(refusal => refusal.Action == action);
}

/// <summary>A reason to refuse.</summary>
/// <param name="Code">One of <see cref="RefusalCodes"/>.</param>
/// <param name="Reason">The reason for people, without a full stop.</param>
internal sealed record Refusal(string Code, string Reason);

/// <summary>
/// Decides which actions are offered, and gives the reason for each that is not. Pure: the buttons of the page and the answers of the API
/// use the same ruling, so they cannot differ. Protection of data comes before any other reason, because an operator must read it first.
/// </summary>
internal static class ActionGuard
{
    private const string ProtectedLabel = "fleet.protected",
        RoleLabel = "fleet.role",
        SwarmLabel = "com.docker.swarm.service.id";

    private static readonly Refusal Off = new(RefusalCodes.ActionsOff, "actions are switched off on this host (Actions:Enabled)");

    /// <summary>The part of the decision that depends on the container alone.</summary>
    public static GuardRuling Judge(GuardCase container, ActionList actions)
    {
        var protection = Protection(container);
        var refusals = actions.All.Select(action =>
            (action.Description.Name, Refusal: protection ?? (container.Enabled ? Prevents(container, action) : Off))
        );
        var allowed = ImmutableArray.CreateBuilder<string>();
        var refused = ImmutableArray.CreateBuilder<ActionRefusal>();
        foreach (var (name, refusal) in refusals)
        {
            if (refusal is null)
            {
                allowed.Add(name);
            }
            else
            {
                refused.Add(new ActionRefusal(name, refusal.Code, refusal.Reason));
            }
        }

        return new GuardRuling(protection, allowed.DrainToImmutable(), refused.DrainToImmutable());
    }

    /// <summary>The part of the decision that depends on the caller's role.</summary>
    public static Refusal? Permits(string? role) =>
        role == Roles.Operator
            ? null
            : new Refusal(RefusalCodes.Role, $"this needs the role {Roles.Operator}; the signed-in user's role is {role ?? "none"}");

    private static Refusal? Protection(GuardCase container)
    {
        var facts = container.Facts;
        if (DatabaseKinds.ReasonOf(facts, container.Service) is { } database)
        {
            return new Refusal(RefusalCodes.Database, database);
        }

        if (container.IsSelf)
        {
            return new Refusal(RefusalCodes.Self, "the Collector itself runs in it");
        }

        if (facts.Labels.GetValueOrDefault(RoleLabel) is "collector" or "web" or "identity")
        {
            return new Refusal(RefusalCodes.Self, $"a part of this dashboard, by its label {RoleLabel}");
        }

        if (container.Forbidden is { } forbidden)
        {
            return new Refusal(RefusalCodes.File, forbidden);
        }

        if (facts.Labels.TryGetValue(ProtectedLabel, out var value) && !value.Equals("false", StringComparison.OrdinalIgnoreCase))
        {
            return new Refusal(RefusalCodes.Label, $"protected by its label {ProtectedLabel}");
        }

        return facts.Labels.ContainsKey(SwarmLabel)
            ? new Refusal(RefusalCodes.Swarm, "managed by Swarm, which would undo the change: use docker service update")
            : null;
    }

    private static Refusal? Prevents(GuardCase container, IFleetAction action) =>
        container.Facts switch
        {
            { State: "removing" } => new Refusal(RefusalCodes.Removing, "it is being removed"),
            { Unreadable: not null } => new Refusal(
                RefusalCodes.Unreadable,
                "the engine cannot describe it, so the dashboard does not know what it holds"
            ),
            { IsOneOff: true } when !action.IsForOneOffs => new Refusal(
                RefusalCodes.OneShot,
                "it is a one-off container (docker compose run): run it again by hand if you need it"
            ),
            _ => action.Prevents(container),
        };
}
