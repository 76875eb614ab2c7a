using System.Diagnostics.Metrics;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Metrics;

/// <summary>The health of each app, and the values of its containers that alert rules need.</summary>
internal static class AppInstruments
{
    public static void Add(Meter meter, Func<FleetSnapshot?> current)
    {
        meter.CreateObservableGauge(
            "fleet.app.health",
            () => Apps().Select(app => new Measurement<long>(ColorNames.LevelOf(app.Color), App(app))),
            null,
            "How the app is: 0 green, 1 amber, 2 red, -1 grey."
        );
        meter.CreateObservableGauge(
            "fleet.app.state",
            () =>
                Apps()
                    .SelectMany(app =>
                        ColorNames.All.Select(color => new Measurement<long>(
                            app.Color == color.Color ? 1 : 0,
                            App(app),
                            new("color", color.Word)
                        ))
                    ),
            null,
            "1 for the colour of the app, 0 for each other colour."
        );
        meter.CreateObservableGauge(
            "fleet.app.reason",
            () =>
                Apps()
                    .SelectMany(app =>
                        app.Reasons.CountBy(reason => reason.Code)
                            .Select(reason => new Measurement<long>(reason.Value, App(app), new("reason", reason.Key)))
                    ),
            "{container}",
            "Containers that give the app a reason to be amber or red, by the reason's code."
        );
        meter.CreateObservableGauge(
            "fleet.container.restarts",
            () => Containers(container => container.Restarts),
            "{restart}",
            "Restarts by the engine's restart policy since the container was started by hand."
        );
        meter.CreateObservableGauge(
            "fleet.container.exit_code",
            () => Containers(container => container.ExitCode),
            null,
            "Exit code of the last run; absent while the container runs."
        );

        IEnumerable<AppSnapshot> Apps() => current()?.Apps ?? Enumerable.Empty<AppSnapshot>();

        IEnumerable<Measurement<long>> Containers(Func<ContainerSnapshot, long?> read) =>
            from app in Apps()
            from container in app.Containers
            let value = read(container)
            where value is not null
            select new Measurement<long>(value.Value, App(app), new("container", MetricLabel.Bounded(container.Name)));
    }

    private static KeyValuePair<string, object?> App(AppSnapshot app) => new("app", MetricLabel.Bounded(app.Name));
}
