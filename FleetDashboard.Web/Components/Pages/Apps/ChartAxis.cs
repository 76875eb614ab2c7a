using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Components.Pages.Apps;

/// <summary>What a chart measures, and how it is written; the names are what charts.js knows.</summary>
public enum ChartUnit
{
    Cores,
    Bytes,
    Rate,
}

/// <summary>The vertical axis: from 0 to a round number not below the largest value, with half of it round too.</summary>
public sealed record ChartAxis(ChartUnit Unit, double Ceiling)
{
    private const double Most = 1e24;
    private static readonly double[] Mantissas = [1, 2, 4, 6, 8, 10];

    public string Top => Text(Unit, Ceiling);

    public string Middle => Text(Unit, Ceiling / 2);

    public string Name => Unit.ToString().ToLowerInvariant();

    /// <param name="unit">What is measured.</param>
    /// <param name="largest">The largest value there is.</param>
    /// <param name="limit">What it may not exceed; shown when the values come near.</param>
    public static ChartAxis For(ChartUnit unit, double largest, double? limit)
    {
        largest = double.IsFinite(largest) && largest > 0 ? Math.Min(largest, Most) : 0;
        var top = limit is > 0 and { } most && most <= 2 * largest ? Math.Max(most, largest) : largest;
        // Nearly nothing should look like nearly nothing: the axis never ends below this.
        var least = unit switch
        {
            ChartUnit.Cores => 0.02,
            ChartUnit.Bytes => 1 << 20,
            _ => 1 << 10,
        };
        return new ChartAxis(unit, unit == ChartUnit.Cores ? Decimal(Math.Max(top, least)) : Binary(Math.Max(top, least)));
    }

    public static string Text(ChartUnit unit, double value) =>
        unit switch
        {
            ChartUnit.Cores => $"{value:0.###} {(value == 1 ? "core" : "cores")}",
            ChartUnit.Bytes => Format.Bytes(value),
            _ => Format.BytesPerSecond(value),
        };

    private static double Decimal(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return Math.Round(Mantissas.First(one => one * power >= value * 0.9999) * power, 6);
    }

    // 1, 2, 4 ... 512 of a unit, and one and a half of each, of which the half is round as well.
    private static double Binary(double value)
    {
        var power = Math.Pow(2, Math.Floor(Math.Log2(value)));
        return value <= power ? power
            : value <= 1.5 * power ? 1.5 * power
            : 2 * power;
    }
}
