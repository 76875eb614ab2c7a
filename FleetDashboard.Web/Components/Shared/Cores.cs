namespace FleetDashboard.Web.Components.Shared;

/// <summary>CPU in cores.</summary>
internal static class Cores
{
    /// <summary>Two decimals below ten cores, one above: 0.68, 12.4.</summary>
    public static string Text(double cores) =>
        double.IsNaN(cores) ? Meter.None : Believable(cores).ToString(cores < 9.995 ? "0.00" : "0.0");

    /// <summary>A number of cores that was set, without decimals it was not given: 2, 0.5, 1.25.</summary>
    public static string Limit(double cores) => double.IsNaN(cores) ? Meter.None : Believable(cores).ToString("0.##");

    public static string OutOf(double limit) => $"of {Limit(limit)} {Word(limit)}";

    // More than any host has: no number of 300 digits reaches the page.
    private static double Believable(double cores) => Math.Clamp(cores, 0, 1_000_000);

    public static string Word(double cores) => cores is 1 ? "core" : "cores";
}
