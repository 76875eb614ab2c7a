using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Components.Shared;

/// <summary>A value and its limit, as displayed. Rounded here, so that two meters that look the same are equal.</summary>
/// <param name="Value">The value, e.g. <c>0.68</c>; a dash where there is none.</param>
/// <param name="Limit">The limit with its unit, e.g. <c>of 2 cores</c>.</param>
/// <param name="Percent">How full the bar is, 0 to 100; null draws no bar.</param>
/// <param name="Alarm">True where the Collector reports that the value is too high.</param>
public sealed record Meter(string Value, string Limit, int? Percent, bool Alarm)
{
    public const string None = Format.None;

    /// <summary>A tooltip for a sum with missing parts; null where nothing is missing.</summary>
    public string? Tip { get; init; }

    /// <summary>The same meter for a sum that lacks this many containers, so that it is a lower bound.</summary>
    public Meter Without(int containers) =>
        containers == 0 || Value == None
            ? this
            : this with
            {
                Value = $"≥ {Value}",
                Tip = containers == 1 ? "without 1 container that has no sample" : $"without {containers} containers that have no sample",
            };

    public static Meter Cpu(double? cores, double? limit, int hostCpus, bool alarm)
    {
        var whole = limit ?? hostCpus;
        return cores is { } used && !double.IsNaN(used)
            ? new Meter(Format.Cores(used), $"of {Format.CoreLimitWithUnit(whole)}", Share(used, whole), alarm)
            : new Meter(None, $"of {Format.CoreLimitWithUnit(whole)}", null, alarm);
    }

    public static Meter Memory(long? bytes, long? limit, long hostBytes, bool alarm)
    {
        var whole = limit ?? hostBytes;
        if (bytes is not { } used)
        {
            return new Meter(None, $"of {Format.Bytes(whole)}", null, alarm);
        }
        var (value, of) = Format.BytesOf(used, whole);
        return new Meter(value, of, Share(used, whole), alarm);
    }

    internal static int? Share(double used, double whole) => !(whole > 0) || double.IsNaN(used) ? null : Format.WholePercent(used / whole);
}
