using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Tests.Support;

/// <summary>Realistic histories of an app: waves, a gap, and changes.</summary>
internal static class Histories
{
    private const int Steps = 360;
    private const int Step = 10;

    public static AppDetail Create(AppSnapshot app, DateTimeOffset now)
    {
        var from = DateTimeOffset.FromUnixTimeSeconds((now.ToUnixTimeSeconds() / Step - Steps) * Step);
        var container = app.Containers[0].Name;
        return new AppDetail(
            app,
            new History(
                from,
                Step,
                Wave(1, app.CpuCores ?? 0.2),
                Wave(2, app.MemoryBytes ?? 5e7, 0.1),
                Wave(3, 18_000, 0.8),
                Wave(4, 41_000, 0.7),
                Wave(5, 2_000, 0.9),
                Wave(6, 60_000, 0.9)
            ),
            [
                new StateChange(now.AddMinutes(-41), container, StateChangeKinds.Unhealthy, "healthcheck failing"),
                new StateChange(now.AddMinutes(-24), container, StateChangeKinds.Restarted, "restarted after it exited with 137 (killed)"),
            ]
        );
    }

    public static ImmutableArray<float?> Wave(int seed, double around, double swing = 0.35) =>
        [
            .. Enumerable
                .Range(0, Steps)
                .Select(i =>
                    i is > 100 and < 112
                        ? (float?)null
                        : (float)
                            Math.Max(
                                0,
                                around
                                    * (
                                        1
                                        + swing * 0.5 * Math.Sin(i * 0.041 + seed)
                                        + swing * 0.3 * Math.Sin(i * 0.17 + seed * 3)
                                        + swing * 0.2 * Math.Sin(i * 1.3 * seed)
                                    )
                            )
                ),
        ];
}
