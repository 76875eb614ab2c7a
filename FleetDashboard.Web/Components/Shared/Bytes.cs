namespace FleetDashboard.Web.Components.Shared;

/// <summary>Sizes for people: binary units, since every limit of the engine is set in them; at most three digits that matter.</summary>
internal static class Bytes
{
    private const int GibiIndex = 3;
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>More than any host has: what is larger is written so, and no number of 300 digits reaches the page.</summary>
    private const double Most = 1024d * 1024 * 1024 * 1024 * 1024 * 1024 * 1024;

    public static string Text(double bytes)
    {
        var (number, unit) = Split(bytes);
        return $"{number} {unit}";
    }

    public static string Rate(double bytesPerSecond) => Text(bytesPerSecond) + "/s";

    /// <summary>"56 of 64 MiB", or "900 MiB of 2 GiB" where the units differ.</summary>
    public static (string Value, string Limit) Share(double used, double limit)
    {
        var (number, unit) = Split(used);
        var (limitNumber, limitUnit) = Split(limit);
        return (unit == limitUnit ? number : $"{number} {unit}", $"of {limitNumber} {limitUnit}");
    }

    internal static (string Number, string Unit) Split(double bytes)
    {
        if (double.IsNaN(bytes))
        {
            return (Meter.None, Units[0]);
        }
        var (value, index) = (Math.Clamp(bytes, 0, Most), 0);
        while (Math.Round(value) >= 1024 && index < Units.Length - 1)
        {
            (value, index) = (value / 1024, index + 1);
        }
        var digits = index == 0 || value >= 99.95 || (value >= 9.95 && index < GibiIndex) ? 0 : 1;
        var number = Math.Round(value, digits, MidpointRounding.AwayFromZero);
        return (number.ToString(number == Math.Floor(number) ? "0" : "0.0"), Units[index]);
    }
}
