using FleetDashboard.Contracts;

namespace FleetDashboard.Tests.Support;

/// <summary>
/// A small fleet on which something may be done: an app with a database that may not be touched, one that is all database, one with an
/// update.
/// </summary>
internal static class ActingFleet
{
    public static FleetSnapshot Create(long sequence = 1) =>
        Snapshots.Create(
            [
                Snapshots.App(
                    "shop",
                    Open("shop", "web", ActionNames.Restart, ActionNames.Pull, ActionNames.Update) with
                    {
                        UpdateAvailable = true,
                        StartedAt = Snapshots.At.AddHours(-2),
                        Order = 2,
                        Refusals = [BuildRefused],
                    },
                    Open("shop", "worker", ActionNames.Restart, ActionNames.Pull) with
                    {
                        StartedAt = Snapshots.At.AddHours(-3),
                        Order = 1,
                    },
                    Open("shop", "migrate", ActionNames.Pull) with
                    {
                        State = "exited",
                        ExitCode = 0,
                        Color = HealthColor.Grey,
                        StartedAt = Snapshots.At.AddHours(-4),
                        Refusals = [new ActionRefusal(ActionNames.Restart, RefusalCodes.OneShot, "it did its work and ended with 0")],
                    },
                    Snapshots.Database("shop")
                ),
                Snapshots.App("vault", Snapshots.Database("vault")),
                Snapshots.App("off", Open("off", "web")),
                Snapshots.App("wiki", Open("wiki", "web", ActionNames.Restart, ActionNames.Pull)),
            ],
            sequence,
            TimeProvider.System.GetUtcNow()
        ) with
        {
            UsualRefusals =
            [
                new ActionRefusal(ActionNames.Restart, RefusalCodes.ActionsOff, "actions are switched off on this host (Actions:Enabled)"),
                new ActionRefusal(ActionNames.Update, RefusalCodes.NoNewerImage, "this host has no newer image for its tag: pull first"),
                new ActionRefusal(ActionNames.Rebuild, RefusalCodes.NoBuildSource, "nothing says what its image is built from"),
            ],
        };

    private static readonly ActionRefusal BuildRefused = new(
        ActionNames.Rebuild,
        RefusalCodes.BuildBlocked,
        "its compose file does not build it"
    );

    private static ContainerSnapshot Open(string app, string service, params string[] actions) =>
        Snapshots.Container(app, service) with
        {
            Actions = [.. actions],
        };
}
