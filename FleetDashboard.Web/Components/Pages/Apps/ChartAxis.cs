using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Components.Pages.Apps;

/// <summary>The unit of a chart. charts.js uses the same names.</summary>
public enum ChartUnit
{
    Cores,
    Bytes,
    Rate,
}

/// <summary>The vertical axis: from 0 to a round number not below the largest value, whose half is round too.</summary>
public sealed record ChartAxis(ChartUnit Unit, double Ceiling)
{
    private const double Most = 1e24;
    private static readonly double[] Mantissas = [1, 2, 4, 6, 8, 10];

    public string Top => Text(Unit, Ceiling);

    public string Middle => Text(Unit, Ceiling / 2);

    public string Name => Unit.ToString().ToLowerInvariant();

    /// <param name="unit">The unit.</param>
    /// <param name="largest">The largest value.</param>
    /// <param name="limit">The limit. Shown if the values come near it.</param>
    public static ChartAxis For(ChartUnit unit, double largest, double? limit)
    {
        largest = double.IsFinite(largest) && largest > 0 ? Math.Min(largest, Most) : 0;
        var top = limit is > 0 and { } most && most <= 2 * largest ? Math.Max(most, largest) : largest;
        // The axis never ends below this value, so that a tiny value looks tiny.
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

    // 1, 2, 4 ... 512 of a unit, and 1.5 times each of them. The half of each is round as well.
    private static double Binary(double value)
    {
        var power = Math.Pow(2, Math.Floor(Math.Log2(value)));
        return value <= power ? power
            : value <= 1.5 * power ? 1.5 * power
            : 2 * power;
    }
}
