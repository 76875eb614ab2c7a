namespace FleetDashboard.Web.Components.Shared;

/// <summary>Sizes for people: binary units, since every limit of the engine is set in them; at most three digits that matter.</summary>
internal static class Bytes
{
    private const int GibiIndex = 3;
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    public static string Text(double bytes)
    {
        var (number, unit) = Split(bytes);
        return $"{number} {unit}";
    }

    public static string Rate(double bytesPerSecond) => Text(bytesPerSecond) + "/s";

    /// <summary>"56 of 64 MiB", or "900 MiB of 2 GiB" where the units differ.</summary>
    public static (string Value, string Of) Share(double used, double limit)
    {
        var (number, unit) = Split(used);
        var (limitNumber, limitUnit) = Split(limit);
        return (unit == limitUnit ? number : $"{number} {unit}", $"of {limitNumber} {limitUnit}");
    }

    internal static (string Number, string Unit) Split(double bytes)
    {
        var (value, index) = (Math.Max(0, bytes), 0);
        while (Math.Round(value) >= 1024 && index < Units.Length - 1)
        {
            (value, index) = (value / 1024, index + 1);
        }
        var digits = index == 0 || value >= 99.95 || (value >= 9.95 && index < GibiIndex) ? 0 : 1;
        var number = Math.Round(value, digits, MidpointRounding.AwayFromZero);
        return (number.ToString(number == Math.Floor(number) ? "0" : "0.0"), Units[index]);
    }
}
