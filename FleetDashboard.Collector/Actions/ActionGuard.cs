using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>All that the guard looks at.</summary>
/// <param name="Facts">What the engine says of the container.</param>
/// <param name="Service">What it is called inside its app.</param>
internal sealed record GuardCase(ContainerFacts Facts, string Service)
{
    /// <summary>False where <see cref="ActionOptions.Enabled"/> is.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Why the metadata file forbids it; null where it does not.</summary>
    public string? Forbidden { get; init; }

    /// <summary>True for the container that this process runs in.</summary>
    public bool IsSelf { get; init; }

    /// <summary>What it uses of other containers.</summary>
    public ImmutableArray<Loan> Borrows { get; init; } = [];

    /// <summary>What other containers use of it.</summary>
    public ImmutableArray<Loan> Lends { get; init; } = [];

    /// <summary>How other containers depend on its id, as clauses.</summary>
    public ImmutableArray<string> Dependents { get; init; } = [];

    /// <summary>A container that is gone and whose volumes it takes; null for none.</summary>
    public string? MissingSource { get; init; }

    /// <summary>True where the host has a newer image under the tag that the container runs.</summary>
    public bool UpdateAvailable { get; init; }

    /// <summary>Why its image cannot be built; null where it is known from what.</summary>
    public string? WhyNotBuilt { get; init; } = "nothing says what its image is built from";
}

/// <summary>A network, processes or IPC that two containers share, and the other one.</summary>
/// <param name="What">What they share.</param>
/// <param name="Name">The other's name.</param>
/// <param name="Other">The other; null where it is gone.</param>
internal sealed record Loan(string What, string Name, ContainerFacts? Other);

/// <summary>What the guard says of one container, whoever asks.</summary>
/// <param name="Protection">Why no action may touch it at all; null where some may.</param>
/// <param name="Allowed">The actions that are open to an operator.</param>
/// <param name="Refused">Why each of the others is not.</param>
internal sealed record GuardRuling(Refusal? Protection, ImmutableArray<string> Allowed, ImmutableArray<ActionRefusal> Refused)
{
    /// <summary>Why an action is refused; null where it is open.</summary>
    public ActionRefusal? Against(string action) => Refused.FirstOrDefault(refusal => refusal.Action == action);
}

/// <summary>Why not.</summary>
/// <param name="Code">One of <see cref="RefusalCodes"/>.</param>
/// <param name="Reason">What a person would say.</param>
internal sealed record Refusal(string Code, string Reason);

/// <summary>
/// Decides what may be done, and says why not. Pure: the buttons of the page and the answers of the API come from here, so they cannot
/// differ.
/// What protects data comes before what is merely impossible now, because that is the reason people must read.
/// </summary>
internal static class ActionGuard
{
    private const string ProtectedLabel = "fleet.protected",
        RoleLabel = "fleet.role",
        SwarmLabel = "com.docker.swarm.service.id";

    /// <summary>The half that depends on the container alone.</summary>
    public static GuardRuling Judge(GuardCase subject)
    {
        var protection = Protection(subject);
        var refused = ActionNames
            .All.Select(action => (Action: action, Refusal: protection ?? (subject.Enabled ? Hindrance(subject, action) : Off)))
            .Where(pair => pair.Refusal is not null)
            .Select(pair => new ActionRefusal(pair.Action, pair.Refusal!.Code, pair.Refusal.Reason))
            .ToImmutableArray();
        return new GuardRuling(protection, [.. ActionNames.All.Except(refused.Select(refusal => refusal.Action))], refused);
    }

    /// <summary>The half that depends on who asks.</summary>
    public static Refusal? Permits(string? role) =>
        role == Roles.Operator
            ? null
            : new Refusal(RefusalCodes.Role, $"this needs the role {Roles.Operator}; the signed-in user's role is {role ?? "none"}");

    private static Refusal Off => new(RefusalCodes.ActionsOff, "actions are switched off (Actions:Enabled)");

    private static Refusal? Protection(GuardCase subject)
    {
        var facts = subject.Facts;
        if (DatabaseKinds.ReasonOf(facts, subject.Service) is { } database)
        {
            return new Refusal(RefusalCodes.Database, database);
        }

        if (subject.IsSelf)
        {
            return new Refusal(RefusalCodes.Self, "the Collector itself runs in it");
        }

        if (facts.Labels.GetValueOrDefault(RoleLabel) is "collector" or "web" or "identity")
        {
            return new Refusal(RefusalCodes.Self, $"a part of this dashboard, by its label {RoleLabel}");
        }

        if (subject.Forbidden is { } forbidden)
        {
            return new Refusal(RefusalCodes.File, forbidden);
        }

        if (facts.Labels.TryGetValue(ProtectedLabel, out var value) && !value.Equals("false", StringComparison.OrdinalIgnoreCase))
        {
            return new Refusal(RefusalCodes.Label, $"protected by its label {ProtectedLabel}");
        }

        return facts.Labels.ContainsKey(SwarmLabel)
            ? new Refusal(RefusalCodes.Swarm, "managed by Swarm, which would put back what is changed here: use docker service update")
            : null;
    }

    private static Refusal? Hindrance(GuardCase subject, string action)
    {
        var facts = subject.Facts;
        if (facts.State == "removing")
        {
            return new Refusal(RefusalCodes.Removing, "it is being removed");
        }

        if (facts.Unreadable is not null)
        {
            return new Refusal(RefusalCodes.Unreadable, "the engine cannot describe it, so what it holds is not known");
        }

        if (facts.IsOneOff && action != ActionNames.Pull)
        {
            return new Refusal(RefusalCodes.OneShot, "it is a one-off run (docker compose run): start it again by hand if it is needed");
        }

        return action switch
        {
            ActionNames.Pull => ImageReference.WhyNotPulled(facts),
            ActionNames.Restart => StateHindrance(facts) ?? RestartHindrance(subject),
            ActionNames.Update => StateHindrance(facts)
                ?? RecreateHindrance(subject)
                ?? (
                    subject.UpdateAvailable
                        ? null
                        : new Refusal(RefusalCodes.NoNewerImage, $"this host has no newer image of {facts.Image}: pull first")
                ),
            _ => StateHindrance(facts)
                ?? RecreateHindrance(subject)
                ?? (subject.WhyNotBuilt is { } why ? new Refusal(RefusalCodes.NothingToBuild, why) : null),
        };
    }

    private static Refusal? StateHindrance(ContainerFacts facts) =>
        facts switch
        {
            { State: "dead" } => new Refusal(RefusalCodes.Dead, "the engine could not remove it and calls it dead: remove it by hand"),
            { State: "paused" } => new Refusal(
                RefusalCodes.Paused,
                "it is paused, and the engine starts and stops nothing that is: unpause it by hand first"
            ),
            { State: "exited", ExitCode: 0, ShouldAlwaysRun: false } => new Refusal(
                RefusalCodes.OneShot,
                "it did its work and ended with 0: it would do it again (a migration, an import)"
            ),
            _ => null,
        };

    // A restart builds its namespaces anew: whoever runs on its network or IPC stays behind without, whoever runs among its processes is
    // killed.
    private static Refusal? RestartHindrance(GuardCase subject) =>
        subject switch
        {
            _ when subject.Lends.Any(loan => loan.Other is { IsRunning: true }) => new Refusal(
                RefusalCodes.Lends,
                $"{Lent(subject.Lends.Where(loan => loan.Other is { IsRunning: true }))}: restart it and them by hand, in this order"
            ),
            _ when subject.Borrows.FirstOrDefault(loan => loan.Other is not { IsRunning: true }) is { } loan => new Refusal(
                RefusalCodes.Borrows,
                $"it uses the {loan.What} of {loan.Name}, which does not run: it could not start again"
            ),
            _ => null,
        };

    // Other containers refer to this one by id. Recreating it changes the id and breaks them.
    private static Refusal? RecreateHindrance(GuardCase subject) =>
        subject switch
        {
            { Lends: [_, ..] lends } => new Refusal(RefusalCodes.Lends, $"{Lent(lends)}: recreate it and them by hand, in this order"),
            { Dependents: [_, ..] dependents } => new Refusal(
                RefusalCodes.Lends,
                $"{string.Join(" and ", dependents)}: recreate it and them by hand, in this order"
            ),
            { MissingSource: { } gone } => new Refusal(
                RefusalCodes.Borrows,
                $"it takes the volumes of a container that is gone ({gone}): recreate it by hand without --volumes-from"
            ),
            { Borrows: [var loan, ..] } => new Refusal(
                RefusalCodes.Borrows,
                $"it uses the {loan.What} of {loan.Name}: recreate both by hand"
            ),
            { Facts.AutoRemove: true } => new Refusal(
                RefusalCodes.RemovesItself,
                "it removes itself when it stops (--rm), so there would be nothing to go back to"
            ),
            _ => null,
        };

    private static string Lent(IEnumerable<Loan> loans) =>
        string.Join(
            " and ",
            loans
                .GroupBy(loan => loan.What)
                .Select(group => $"{string.Join(", ", group.Select(loan => loan.Name))} would lose its {group.Key}")
        );
}
