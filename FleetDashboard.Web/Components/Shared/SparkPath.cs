using System.Globalization;
using System.Text;
using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Components.Shared;

/// <summary>
/// A trend as the data of one SVG path in a box of <see cref="Width"/> by <see cref="Height"/>. Integers and relative steps keep it at
/// about 5 bytes per point. Each run of measured values is one closed shape whose other edges lie outside the box, so that one path draws
/// both the area and the line.
/// </summary>
internal static class SparkPath
{
    public const int Width = 300;
    public const int Height = 34;
    private const int Top = 3;
    private const int Beyond = Height + 6;

    /// <summary>Scales to the largest value, but to no less than 2 % of the whole, so that noise looks like noise.</summary>
    public static string? Draw(Trend? trend, double whole)
    {
        if (trend is null || trend.Values.Length < 2 || trend.Values.Count(value => value is not null) < 2)
        {
            return null;
        }
        var values = trend.Values;
        var ceiling = Math.Max(
            values.Where(value => value is not null && float.IsFinite(value.Value)).Max() ?? 0,
            double.IsFinite(whole) ? whole / 50 : 0
        );
        var path = new StringBuilder(values.Length * 6);
        for (var from = 0; from < values.Length; from++)
        {
            if (values[from] is null)
            {
                continue;
            }
            var to = from;
            while (to + 1 < values.Length && values[to + 1] is not null)
            {
                to++;
            }
            AppendRun(path, values.AsSpan(from, to - from + 1), from, values.Length, ceiling);
            from = to;
        }
        return path.ToString();
    }

    private static void AppendRun(StringBuilder path, ReadOnlySpan<float?> run, int from, int count, double ceiling)
    {
        var (x, y) = (X(from, count), Y(run[0]!.Value, ceiling));
        var left = from == 0 ? -Top : x;
        path.Append(CultureInfo.InvariantCulture, $"M{left} {Beyond}V{y}H{x}l");
        for (var i = 1; i < run.Length; i++)
        {
            var (nextX, nextY) = (X(from + i, count), Y(run[i]!.Value, ceiling));
            Append(path, nextX - x);
            Append(path, nextY - y);
            (x, y) = (nextX, nextY);
        }
        if (run.Length == 1)
        {
            path.Append("0 0");
        }
        if (from + run.Length == count)
        {
            path.Append(CultureInfo.InvariantCulture, $"H{Width + Top}");
        }
        path.Append(CultureInfo.InvariantCulture, $"V{Beyond}z");
    }

    private static void Append(StringBuilder path, int number)
    {
        if (number >= 0 && (char.IsDigit(path[^1])))
        {
            path.Append(' ');
        }
        path.Append(number);
    }

    private static int X(int index, int count) => (int)Math.Round(index * (double)Width / (count - 1));

    private static int Y(float value, double ceiling) =>
        Height
        - 2
        - (int)Math.Round((value / ceiling is var share && double.IsNaN(share) ? 0 : Math.Clamp(share, 0, 1)) * (Height - 2 - Top));
}
