using FleetDashboard.Contracts;

namespace FleetDashboard.Tests.Support;

/// <summary>A small fleet for actions: an app with a protected database, an app with only a database, and an app with an update.</summary>
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
                new ActionRefusal(
                    ActionNames.Rebuild,
                    RefusalCodes.NoBuildSource,
                    "neither fleet.yaml nor a Compose file defines a build for it"
                ),
            ],
        };

    private static readonly ActionRefusal BuildRefused = new(
        ActionNames.Rebuild,
        RefusalCodes.BuildBlocked,
        "its Compose file has no build section for it"
    );

    private static ContainerSnapshot Open(string app, string service, params string[] actions) =>
        Snapshots.Container(app, service) with
        {
            Actions = [.. actions],
        };
}
