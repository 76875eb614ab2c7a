using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>Reasons that several actions share. Each returns null where nothing prevents the action.</summary>
internal static class Preventions
{
    /// <summary>The container's state does not allow a stop and a start.</summary>
    public static Refusal? OfState(ContainerFacts facts) =>
        facts switch
        {
            { State: "dead" } => new Refusal(RefusalCodes.Dead, "the engine failed to remove it and marked it dead: remove it by hand"),
            { State: "paused" } => new Refusal(
                RefusalCodes.Paused,
                "it is paused, and the engine cannot restart a paused container: unpause it by hand first"
            ),
            { State: "exited", ExitCode: 0, ShouldAlwaysRun: false } => new Refusal(
                RefusalCodes.OneShot,
                "it finished its work with exit code 0: starting it would do that work again (a migration, an import)"
            ),
            _ => null,
        };

    /// <summary>
    /// A restart creates new namespaces. Containers that share its network or IPC lose them; containers that share its processes are
    /// killed.
    /// </summary>
    public static Refusal? OfRestart(GuardCase container) =>
        container switch
        {
            _ when container.Lends.Any(loan => loan.Other is { IsRunning: true }) => new Refusal(
                RefusalCodes.Lends,
                $"{Lent(container.Lends.Where(loan => loan.Other is { IsRunning: true }))}: restart it and them by hand, in this order"
            ),
            _ when container.Borrows.FirstOrDefault(loan => loan.Other is not { IsRunning: true }) is { } loan => new Refusal(
                RefusalCodes.Borrows,
                $"it uses the {loan.What} of {loan.Name}, which does not run: it could not start again"
            ),
            _ => null,
        };

    /// <summary>Other containers refer to this one by id. Recreating it changes the id and breaks them.</summary>
    public static Refusal? OfRecreate(GuardCase container) =>
        container switch
        {
            { Lends: [_, ..] lends } => new Refusal(RefusalCodes.Lends, $"{Lent(lends)}: recreate it and them by hand, in this order"),
            { Dependents: [_, ..] dependents } => new Refusal(
                RefusalCodes.Lends,
                $"{string.Join(" and ", dependents)}: recreate it and them by hand, in this order"
            ),
            { MissingSource: { } gone } => new Refusal(
                RefusalCodes.Borrows,
                $"it mounts the volumes of a container that is gone ({gone}): recreate it by hand without --volumes-from"
            ),
            { Borrows: [var loan, ..] } => new Refusal(
                RefusalCodes.Borrows,
                $"it uses the {loan.What} of {loan.Name}: recreate both by hand"
            ),
            { Facts.AutoRemove: true } => new Refusal(
                RefusalCodes.RemovesItself,
                "it removes itself when it stops (--rm), so the old container could not be restored"
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
