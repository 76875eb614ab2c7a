using System.Globalization;
using System.Text;

namespace FleetDashboard.Web.Components.Pages.Apps;

/// <summary>
/// A series as the data of SVG paths in a box of <see cref="Width"/> by <see cref="Height"/>. Integers and relative steps take about 5
/// bytes per point. The box is fine enough for charts.js to read the values back from the line, so no value is sent twice.
/// </summary>
internal static class TracePath
{
    public const int Width = 1436; // 4 units for each of the 359 gaps between 360 steps
    public const int Height = 1000;

    /// <summary>The line, with one segment for each run of measured values.</summary>
    public static string Line(IReadOnlyList<float?> values, double ceiling) => Draw(values, ceiling, closed: false);

    /// <summary>The area below the line.</summary>
    public static string Area(IReadOnlyList<float?> values, double ceiling) => Draw(values, ceiling, closed: true);

    public static int Y(double value, double ceiling) => Height - (int)Math.Round(Share(value, ceiling) * Height);

    private static double Share(double value, double ceiling) =>
        value / ceiling is var share && double.IsNaN(share) ? 0 : Math.Clamp(share, 0, 1);

    private static string Draw(IReadOnlyList<float?> values, double ceiling, bool closed)
    {
        var path = new StringBuilder(values.Count * 6);
        var step = Width / Math.Max(1, values.Count - 1);
        for (var from = 0; from < values.Count; from++)
        {
            if (values[from] is not { } first)
            {
                continue;
            }
            var (x, y) = (from * step, Y(first, ceiling));
            // A single value becomes a segment of length 0, which the round line ends draw as a dot.
            path.Append(CultureInfo.InvariantCulture, $"M{x} {y}l0 0");
            while (from + 1 < values.Count && values[from + 1] is { } value)
            {
                from++;
                var next = Y(value, ceiling);
                path.Append(CultureInfo.InvariantCulture, $" {step}{(next < y ? "" : " ")}{next - y}");
                y = next;
            }
            if (closed)
            {
                path.Append(CultureInfo.InvariantCulture, $"V{Height}H{x}z");
            }
        }
        return path.ToString();
    }
}
