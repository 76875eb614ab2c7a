using System.Globalization;
using System.Text;

namespace FleetDashboard.Web.Components.Pages.Apps;

/// <summary>
/// A series as the data of one SVG path in a box of <see cref="Width"/> by <see cref="Height"/>. Whole numbers and relative steps: some five
/// bytes a point. The box is fine enough that charts.js reads the values back off the path, so that nothing is sent twice. Each run of
/// measured values is closed far below the box, so that the path is line and area at once.
/// </summary>
internal static class TracePath
{
    public const int Width = 1436; // four a step between 360 steps
    public const int Height = 1000;
    private const int Beyond = 2 * Height;

    public static string Of(IReadOnlyList<float?> values, double ceiling)
    {
        var path = new StringBuilder(values.Count * 6);
        var step = Width / Math.Max(1, values.Count - 1);
        for (var from = 0; from < values.Count; from++)
        {
            if (values[from] is not { } first)
            {
                continue;
            }
            var y = Y(first, ceiling);
            path.Append(CultureInfo.InvariantCulture, $"M{from * step} {Beyond}V{y}h0");
            if (from + 1 < values.Count && values[from + 1] is not null)
            {
                path.Append('l');
            }
            while (from + 1 < values.Count && values[from + 1] is { } value)
            {
                from++;
                var next = Y(value, ceiling);
                path.Append(CultureInfo.InvariantCulture, $"{(char.IsDigit(path[^1]) ? " " : "")}{step}{(next - y < 0 ? "" : " ")}{next - y}");
                y = next;
            }
            path.Append(CultureInfo.InvariantCulture, $"V{Beyond}z");
        }
        return path.ToString();
    }

    public static int Y(double value, double ceiling) => Height - (int)Math.Round(Math.Clamp(value / ceiling, 0, 1) * Height);
}
