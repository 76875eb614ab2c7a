using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Metrics;

/// <summary>The colours as label values, and as numbers: a worse colour has a larger number.</summary>
internal static class ColorNames
{
    public static readonly (HealthColor Color, string Word, int Level)[] All =
    [
        (HealthColor.Grey, "grey", -1),
        (HealthColor.Green, "green", 0),
        (HealthColor.Amber, "amber", 1),
        (HealthColor.Red, "red", 2),
    ];

    public static int LevelOf(HealthColor color) => Array.Find(All, one => one.Color == color).Level;
}
