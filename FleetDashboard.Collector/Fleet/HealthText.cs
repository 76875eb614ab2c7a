using System.Globalization;

namespace FleetDashboard.Collector.Fleet;

/// <summary>Figures as a person would say them.</summary>
internal static class HealthText
{
    /// <summary>A span in its largest sensible unit: <c>40 s</c>, <c>6 min</c>, <c>3 h</c>, <c>2 d</c>.</summary>
    public static string Span(TimeSpan span) =>
        span switch
        {
            { TotalSeconds: < 1 } => "1 s",
            { TotalSeconds: < 10 } => Number(Math.Round(span.TotalSeconds), "s"),
            // A figure that moves with every look says no more.
            { TotalSeconds: < 60 } => Number(Math.Floor(span.TotalSeconds / 10) * 10, "s"),
            { TotalMinutes: < 90 } => Number(Math.Floor(span.TotalMinutes), "min"),
            { TotalHours: < 36 } => Number(Math.Floor(span.TotalHours), "h"),
            _ => Number(Math.Floor(span.TotalDays), "d"),
        };

    /// <summary>Bytes in binary steps, as <c>docker stats</c> counts and writes them: <c>16 MiB</c>.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1000 && unit < units.Length - 1)
        {
            (value, unit) = (value / 1024, unit + 1);
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(value < 10 && unit > 0 ? Math.Round(value, 1) : Math.Round(value))} {units[unit]}"
        );
    }

    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(share * 100)} %");

    public static string Cores(double cores) =>
        string.Create(CultureInfo.InvariantCulture, $"{cores:0.##} {(cores == 1 ? "core" : "cores")}");

    /// <summary>An exit code, with what it means where that is a convention: <c>137 (killed)</c>.</summary>
    public static string Exit(int code) =>
        string.Create(CultureInfo.InvariantCulture, $"{code}")
        + code switch
        {
            126 => " (not executable)",
            127 => " (command not found)",
            134 => " (aborted)",
            137 => " (killed)",
            139 => " (segmentation fault)",
            143 => " (terminated)",
            _ => "",
        };

    private static string Number(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value} {unit}");
}
