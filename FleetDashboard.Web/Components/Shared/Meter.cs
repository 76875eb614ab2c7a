using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Components.Shared;

/// <summary>
/// A value and its limit, as displayed. Values are rounded here, so that comparing two models ignores differences nobody can see.
/// </summary>
/// <param name="Value">The value, e.g. <c>0.68</c>. A dash if unknown.</param>
/// <param name="Limit">The limit with its unit, e.g. <c>of 2 cores</c>.</param>
/// <param name="Percent">How full the bar is, 0 to 100. Null draws no bar.</param>
/// <param name="Alarm">True if the Collector reports that this value is too high.</param>
public sealed record Meter(string Value, string Limit, int? Percent, bool Alarm)
{
    public const string None = Format.None;

    /// <summary>The tooltip of a sum from which containers are missing. Null if the sum is complete.</summary>
    public string? Tip { get; init; }

    /// <summary>The same meter for a sum from which that many containers are missing. The real value is at least the shown one.</summary>
    public Meter Without(int containers) =>
        containers == 0 || Value == None
            ? this
            : this with
            {
                Value = $"≥ {Value}",
                Tip =
                    containers == 1
                        ? "1 container reports no value and is not included"
                        : $"{containers} containers report no value and are not included",
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
