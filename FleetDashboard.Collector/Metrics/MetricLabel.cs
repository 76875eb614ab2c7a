using System.Security.Cryptography;
using System.Text;

namespace FleetDashboard.Collector.Metrics;

/// <summary>
/// Limits a label's value. Names of apps, containers and images are chosen by their authors and can be any length, and every series of a
/// container repeats them.
/// </summary>
internal static class MetricLabel
{
    /// <summary>The longest value in bytes.</summary>
    public const int MaxBytes = 256;

    private const int HashCharacters = 8;
    private const string Cut = "…";

    /// <summary>The value, or its beginning with a hash of the whole: two long names stay two series.</summary>
    public static string Bounded(string value)
    {
        if (value.Length <= MaxBytes / 4 || Encoding.UTF8.GetByteCount(value) <= MaxBytes)
        {
            return value;
        }

        var end = $"{Cut}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)))[..HashCharacters]}";
        var (room, kept) = (MaxBytes - Encoding.UTF8.GetByteCount(end), 0);
        foreach (var rune in value.EnumerateRunes())
        {
            if ((room -= rune.Utf8SequenceLength) < 0)
            {
                break;
            }

            kept += rune.Utf16SequenceLength;
        }

        return value[..kept] + end;
    }
}
