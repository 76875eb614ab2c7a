namespace FleetDashboard.Web.Components.Shared;

/// <summary>A figure against what it may be, as displayed: numbers are rounded here, before anybody compares.</summary>
/// <param name="Value">The figure, e.g. <c>0.68</c>; a dash where there is none.</param>
/// <param name="Limit">What it is measured against, with the unit, e.g. <c>of 2 cores</c>.</param>
/// <param name="Percent">How full the bar is, 0 to 100; null draws no bar.</param>
/// <param name="Alarm">True where the Collector says that this figure is too high.</param>
public sealed record Meter(string Value, string Limit, int? Percent, bool Alarm)
{
    public const string None = "–";

    /// <summary>What is said of a figure of which a part is missing; null where all of it is known.</summary>
    public string? Tip { get; init; }

    /// <summary>The same for a sum from which so many containers are missing: it is at least so much.</summary>
    public Meter Without(int containers) =>
        containers == 0 || Value == None
            ? this
            : this with
            {
                Value = $"≥ {Value}",
                Tip = containers == 1 ? "without 1 container that has no figure" : $"without {containers} containers that have no figure",
            };

    public static Meter Cpu(double? cores, double? limit, int hostCpus, bool alarm)
    {
        var whole = limit ?? hostCpus;
        return cores is { } used && !double.IsNaN(used)
            ? new Meter(Cores.Text(used), Cores.OutOf(whole), Share(used, whole), alarm)
            : new Meter(None, Cores.OutOf(whole), null, alarm);
    }

    public static Meter Memory(long? bytes, long? limit, long hostBytes, bool alarm)
    {
        var whole = limit ?? hostBytes;
        if (bytes is not { } used)
        {
            return new Meter(None, $"of {Bytes.Text(whole)}", null, alarm);
        }
        var (value, of) = Bytes.Share(used, whole);
        return new Meter(value, of, Share(used, whole), alarm);
    }

    internal static int? Share(double used, double whole) =>
        !(whole > 0) || double.IsNaN(used) ? null : (int)Math.Round(Math.Clamp(used / whole, 0, 1) * 100);
}
