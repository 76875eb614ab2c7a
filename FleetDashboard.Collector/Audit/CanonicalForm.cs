using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Audit;

/// <summary>
/// The bytes of a record that are hashed. docs/audit.md describes them, so that a trail can be verified without this program.
/// </summary>
internal static class CanonicalForm
{
    /// <summary>The hash that precedes the first record.</summary>
    public static readonly string Genesis = new('0', 64);

    private const string Version = "fleet-audit-1\n";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    /// <summary>
    /// SHA-256 over the version, the previous hash, and each field as <c>LENGTH:BYTES</c>, or <c>-</c> for a missing field, each on its own
    /// line.
    /// </summary>
    public static string Hash(AuditRecord record) => Convert.ToHexStringLower(SHA256.HashData(Bytes(record)));

    internal static byte[] Bytes(AuditRecord record)
    {
        using var bytes = new MemoryStream();
        bytes.Write(Encoding.UTF8.GetBytes(Version));
        ReadOnlySpan<string?> fields =
        [
            record.PreviousHash,
            Number(record.Sequence),
            Time(record.At),
            record.User,
            record.Subject,
            record.Role,
            record.Source,
            record.Action,
            record.App,
            record.Container,
            record.ContainerId,
            record.Phase,
            record.Outcome,
            record.Reason,
            record.Job,
            record.ImageBefore,
            record.ImageAfter,
            Number(record.DurationMs),
        ];
        foreach (var field in fields)
        {
            // The length prefix ensures that one field cannot imitate two.
            var text = field is null ? null : Encoding.UTF8.GetBytes(field);
            bytes.Write(Encoding.UTF8.GetBytes(text is null ? "-" : $"{Number(text.Length)}:"));
            bytes.Write(text ?? []);
            bytes.WriteByte((byte)'\n');
        }

        return bytes.ToArray();
    }

    /// <summary>A time as the trail stores it: UTC with a fixed length, so that text order is time order.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static DateTimeOffset? ParseTime(string text) =>
        DateTimeOffset.TryParseExact(
            text,
            TimeFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
            : null;

    private static string? Number(long? value) => value?.ToString(CultureInfo.InvariantCulture);
}
