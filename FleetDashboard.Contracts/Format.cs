using System.Globalization;

namespace FleetDashboard.Contracts;

/// <summary>Numbers as people read them. Collector and page use the same functions, so a reason and a meter never differ.</summary>
public static class Format
{
    /// <summary>Stands for a missing value.</summary>
    public const string None = "–";

    private const int GibiIndex = 3;

    /// <summary>The largest size that is written as it is. No number of 300 digits may reach the page.</summary>
    private const double MostBytes = 1024d * 1024 * 1024 * 1024 * 1024 * 1024 * 1024;

    private const double MostCores = 1_000_000;

    private static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>A size in binary units, as <c>docker stats</c> writes it, with at most three digits that matter: <c>64 MiB</c>.</summary>
    public static string Bytes(double bytes)
    {
        var (number, unit) = SplitBytes(bytes);
        return $"{number} {unit}";
    }

    /// <summary>A rate: <c>1.2 KiB/s</c>.</summary>
    public static string BytesPerSecond(double rate) => Bytes(rate) + "/s";

    /// <summary>A size against a limit: "56" and "of 64 MiB", or "900 MiB" and "of 2 GiB" where the units differ.</summary>
    public static (string Value, string Limit) BytesOf(double used, double limit)
    {
        var (number, unit) = SplitBytes(used);
        var (limitNumber, limitUnit) = SplitBytes(limit);
        return (unit == limitUnit ? number : $"{number} {unit}", $"of {limitNumber} {limitUnit}");
    }

    /// <summary>The number and the unit of a size.</summary>
    public static (string Number, string Unit) SplitBytes(double bytes)
    {
        if (double.IsNaN(bytes))
        {
            return (None, ByteUnits[0]);
        }

        var (value, index) = (Math.Clamp(bytes, 0, MostBytes), 0);
        while (Math.Round(value) >= 1024 && index < ByteUnits.Length - 1)
        {
            (value, index) = (value / 1024, index + 1);
        }

        var digits = index == 0 || value >= 99.95 || (value >= 9.95 && index < GibiIndex) ? 0 : 1;
        return (Text(Math.Round(value, digits, MidpointRounding.AwayFromZero), "0.#"), ByteUnits[index]);
    }

    /// <summary>A share from 0 to 1 as a whole percentage, rounded down: 100 means full.</summary>
    public static int WholePercent(double share) => double.IsNaN(share) ? 0 : (int)Math.Floor(Math.Round(Math.Clamp(share, 0, 1) * 100, 6));

    /// <summary>A share from 0 to 1: <c>93 %</c>.</summary>
    public static string Percent(double share) => Text(WholePercent(share), "0") + " %";

    /// <summary>CPU in use, with two decimals below ten cores and one above: <c>0.68</c>, <c>12.4</c>.</summary>
    public static string Cores(double cores) =>
        double.IsNaN(cores) ? None : Text(Math.Clamp(cores, 0, MostCores), cores < 9.995 ? "0.00" : "0.0");

    /// <summary>A configured number of cores, without decimals it does not need: <c>2</c>, <c>0.5</c>.</summary>
    public static string CoreLimit(double cores) => double.IsNaN(cores) ? None : Text(Math.Clamp(cores, 0, MostCores), "0.##");

    /// <summary>The same with its unit: <c>2 cores</c>.</summary>
    public static string CoreLimitWithUnit(double cores) => $"{CoreLimit(cores)} {CoreWord(cores)}";

    /// <summary>"core" or "cores".</summary>
    public static string CoreWord(double cores) => cores is 1 ? "core" : "cores";

    /// <summary>A duration in at most two units: <c>12 s</c>, <c>4 min</c>, <c>3 h 20 min</c>, <c>5 d 2 h</c>.</summary>
    public static string Duration(TimeSpan span) =>
        span switch
        {
            { TotalSeconds: < 1 } => "0 s",
            { TotalSeconds: < 60 } => Unit(span.TotalSeconds, "s"),
            { TotalMinutes: < 60 } => Unit(span.TotalMinutes, "min"),
            { TotalHours: < 24 } => Two(Unit(span.TotalHours, "h"), span.Minutes, "min"),
            { TotalDays: < 100 } => Two(Unit(span.TotalDays, "d"), span.Hours, "h"),
            _ => Unit(span.TotalDays, "d"),
        };

    /// <summary>
    /// A duration in one unit, below a minute in steps of 10 s: <c>40 s</c>, <c>6 min</c>, <c>3 h</c>. For sentences that must not change
    /// with every sample.
    /// </summary>
    public static string RoughDuration(TimeSpan span) =>
        span switch
        {
            { TotalSeconds: < 1 } => "1 s",
            { TotalSeconds: < 10 } => Unit(Math.Round(span.TotalSeconds), "s"),
            { TotalSeconds: < 60 } => Unit(Math.Floor(span.TotalSeconds / 10) * 10, "s"),
            { TotalMinutes: < 90 } => Unit(span.TotalMinutes, "min"),
            { TotalHours: < 36 } => Unit(span.TotalHours, "h"),
            _ => Unit(span.TotalDays, "d"),
        };

    /// <summary>Seconds as a duration: the longest one where there are too many, and zero where it is not a positive number.</summary>
    public static TimeSpan Seconds(double seconds) =>
        double.IsNaN(seconds) || seconds <= 0 ? TimeSpan.Zero
        : seconds >= TimeSpan.MaxValue.TotalSeconds ? TimeSpan.MaxValue
        : TimeSpan.FromSeconds(seconds);

    /// <summary>An exit code, with its conventional meaning where there is one: <c>137 (killed)</c>.</summary>
    public static string ExitCode(int code) =>
        Text(code, "0")
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

    private static string Unit(double value, string unit) => $"{Text(Math.Floor(value), "0")} {unit}";

    private static string Two(string large, int small, string unit) => small == 0 ? large : $"{large} {Unit(small, unit)}";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
