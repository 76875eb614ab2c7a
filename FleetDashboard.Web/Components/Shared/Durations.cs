namespace FleetDashboard.Web.Components.Shared;

/// <summary>Spans of time in the two largest units that matter: "12 s", "4 min", "3 h 20 min", "5 d 2 h".</summary>
internal static class Durations
{
    public static string Text(TimeSpan span) =>
        span switch
        {
            { TotalSeconds: < 1 } => "0 s",
            { TotalSeconds: < 60 } => $"{(int)span.TotalSeconds} s",
            { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} min",
            { TotalHours: < 24 } => Two((int)span.TotalHours, "h", span.Minutes, "min"),
            { TotalDays: < 100 } => Two((int)span.TotalDays, "d", span.Hours, "h"),
            _ => $"{(int)span.TotalDays} d",
        };

    /// <summary>A number of seconds as a span: the longest there is where it is more, and none where it is no number.</summary>
    public static TimeSpan OfSeconds(double seconds) =>
        double.IsNaN(seconds) || seconds <= 0 ? TimeSpan.Zero
        : seconds >= TimeSpan.MaxValue.TotalSeconds ? TimeSpan.MaxValue
        : TimeSpan.FromSeconds(seconds);

    private static string Two(int large, string largeUnit, int small, string smallUnit) =>
        small == 0 ? $"{large} {largeUnit}" : $"{large} {largeUnit} {small} {smallUnit}";
}
