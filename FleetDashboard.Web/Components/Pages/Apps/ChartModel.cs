using System.Globalization;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Apps;

/// <summary>One chart, ready to be rendered.</summary>
/// <param name="Title">The title.</param>
/// <param name="Axis">The vertical axis.</param>
/// <param name="Window">The horizontal axis.</param>
/// <param name="Traces">The lines.</param>
/// <param name="Area">The area below the line. Null if there are several lines.</param>
/// <param name="Limit">The distance of the limit from the top, in percent. Null if it is outside the chart.</param>
/// <param name="LimitText">The limit as text.</param>
/// <param name="Summary">The chart in one sentence.</param>
public sealed record ChartModel(
    string Title,
    ChartAxis Axis,
    ChartWindow Window,
    ValueList<Trace> Traces,
    string? Area,
    string? Limit,
    string? LimitText,
    string Summary
)
{
    public bool IsEmpty => Traces.All(trace => trace.Path.Length == 0);

    public static ChartModel Create(
        string title,
        ChartUnit unit,
        ChartWindow window,
        double? limit,
        params ReadOnlySpan<(string Name, IReadOnlyList<float?> Values)> series
    )
    {
        var largest = 0d;
        foreach (var (_, values) in series)
        {
            largest = Math.Max(largest, values.Where(value => value is not null && float.IsFinite(value.Value)).Max() ?? 0);
        }
        var axis = ChartAxis.For(unit, largest, limit);
        var traces = new List<Trace>();
        var sentences = new List<string>();
        foreach (var (name, values) in series)
        {
            traces.Add(new Trace(name, TracePath.Line(values, axis.Ceiling)));
            sentences.Add(Sentence(unit, name, values));
        }
        var seen = limit is { } most && most <= axis.Ceiling;
        return new ChartModel(
            title,
            axis,
            window,
            new(traces),
            series.Length == 1 ? TracePath.Area(series[0].Values, axis.Ceiling) : null,
            seen ? Percent(1 - (limit!.Value / axis.Ceiling)) : null,
            limit is { } text ? ChartAxis.Text(unit, text) : null,
            string.Join(" ", sentences)
        );
    }

    internal static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{Math.Clamp(share, 0, 1) * 100:0.##}%");

    private static string Sentence(ChartUnit unit, string name, IReadOnlyList<float?> values)
    {
        var known = values.Where(value => value is not null && float.IsFinite(value.Value)).Select(value => (double)value!.Value).ToList();
        var what = name.Length == 0 ? "" : $"{name}: ";
        return known.Count == 0
            ? $"{what}no values in the last hour."
            : $"{what}between {Short(known.Min())} and {Short(known.Max())} in the last hour, {Short(known.Average())} on average.";

        string Short(double value) => unit == ChartUnit.Cores ? $"{Format.Cores(value)} cores" : ChartAxis.Text(unit, value);
    }
}

/// <summary>One line of a chart.</summary>
public sealed record Trace(string Name, string Path);

/// <summary>The hour that the charts show, as equal steps that end now.</summary>
public sealed record ChartWindow(DateTimeOffset From, int StepSeconds, int Steps)
{
    public const int Hour = 360;
    private const int LongestStep = 3600;
    private const long LastSecond = 250_000_000_000; // year 9892

    public DateTimeOffset Until => From.AddSeconds((double)StepSeconds * Steps);

    /// <summary>
    /// The last hour before now, even if the history ended earlier: an app that is down shows a gap at the right, not an old curve.
    /// </summary>
    public static ChartWindow Create(History history, DateTimeOffset now)
    {
        var step = Math.Clamp(history.StepSeconds, 1, LongestStep);
        // Both clocks are limited to what DateTimeOffset can hold. A history that reaches into the future is cut at one hour of steps.
        var present = Math.Clamp(now.ToUnixTimeSeconds(), 0, LastSecond);
        var known = history.From.ToUnixTimeSeconds() + ((long)history.CpuCores.Length * step);
        var end = Math.Clamp(known, present, present + ((long)Hour * step)) / step * step;
        return new ChartWindow(DateTimeOffset.FromUnixTimeSeconds(end - (long)Hour * step), step, Hour);
    }

    /// <summary>Shifts a column of the history into this window.</summary>
    public IReadOnlyList<float?> Align(History history, IReadOnlyList<float?> column)
    {
        var offset = (long)((From - history.From).TotalSeconds / StepSeconds);
        var aligned = new float?[Steps];
        for (var i = 0; i < Steps; i++)
        {
            aligned[i] =
                i + offset >= 0 && i + offset < column.Count && column[(int)(i + offset)] is { } value && float.IsFinite(value)
                    ? value
                    : null;
        }
        return aligned;
    }

    /// <summary>The position of a time, 0 to 1. Null if it is outside.</summary>
    public double? Share(DateTimeOffset at) => at >= From && at <= Until ? (at - From) / (Until - From) : null;
}
