using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// A moment of a log with the engine's full precision: nanoseconds since 1970, UTC. .NET's own times end at a hundred of them.
/// </summary>
internal readonly record struct LogTime(long Nanoseconds) : IComparable<LogTime>
{
    /// <summary>Length of <see cref="ToString"/>: <c>2026-11-23T08:00:05.123456789Z</c>.</summary>
    public const int TextLength = 30;

    private const long NanosecondsInSecond = 1_000_000_000;
    private const int NanosecondsInTick = 100;

    public LogTime(DateTimeOffset time)
        : this((time.UtcTicks - DateTime.UnixEpoch.Ticks) * NanosecondsInTick) { }

    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.UnixEpoch.AddTicks(Nanoseconds / NanosecondsInTick);

    public LogTime Add(TimeSpan span) => new(Nanoseconds + (span.Ticks * NanosecondsInTick));

    /// <summary>As the engine wants it in a question.</summary>
    public string ToUnixSeconds() =>
        string.Create(CultureInfo.InvariantCulture, $"{Nanoseconds / NanosecondsInSecond}.{Nanoseconds % NanosecondsInSecond:000000000}");

    /// <summary>Writes exactly <see cref="TextLength"/> bytes.</summary>
    public void Format(Span<byte> text)
    {
        ToDateTimeOffset().UtcDateTime.TryFormat(text, out _, "yyyy-MM-dd'T'HH:mm:ss'.'", CultureInfo.InvariantCulture);
        (Nanoseconds % NanosecondsInSecond).TryFormat(text[20..], out _, "000000000", CultureInfo.InvariantCulture);
        text[TextLength - 1] = (byte)'Z';
    }

    /// <summary>Reads RFC 3339 with up to nine digits of fraction, in UTC or with an offset: some drivers write the host's own.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out LogTime time)
    {
        time = default;
        const int wholeSeconds = 19;
        if (
            text.Length <= wholeSeconds
            || text[10] is not ((byte)'T' or (byte)'t')
            || !Number(text[..4], out var year)
            || text[4] != '-'
            || !Number(text[5..7], out var month)
            || text[7] != '-'
            || !Number(text[8..10], out var day)
            || !Number(text[11..13], out var hour)
            || text[13] != ':'
            || !Number(text[14..16], out var minute)
            || text[16] != ':'
            || !Number(text[17..19], out var second)
            || year is < 1970 or > 2200
            || month is < 1 or > 12
            || day < 1
            || day > DateTime.DaysInMonth(year, month)
            || hour > 23
            || minute > 59
            || second > 59
        )
        {
            return false;
        }

        var rest = text[wholeSeconds..];
        if (!TryFraction(ref rest, out var fraction) || !TryOffset(rest, out var offset))
        {
            return false;
        }

        var seconds =
            (new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks)
            / TimeSpan.TicksPerSecond;
        time = new LogTime(((seconds - offset) * NanosecondsInSecond) + fraction);
        return true;
    }

    public static bool operator <(LogTime left, LogTime right) => left.Nanoseconds < right.Nanoseconds;

    public static bool operator >(LogTime left, LogTime right) => left.Nanoseconds > right.Nanoseconds;

    public static bool operator <=(LogTime left, LogTime right) => left.Nanoseconds <= right.Nanoseconds;

    public static bool operator >=(LogTime left, LogTime right) => left.Nanoseconds >= right.Nanoseconds;

    public int CompareTo(LogTime other) => Nanoseconds.CompareTo(other.Nanoseconds);

    public override string ToString()
    {
        Span<byte> text = stackalloc byte[TextLength];
        Format(text);
        return Encoding.ASCII.GetString(text);
    }

    /// <summary>Reads the digits after a point, nine at most, as nanoseconds.</summary>
    internal static bool TryFraction(ref ReadOnlySpan<byte> rest, out long nanoseconds)
    {
        nanoseconds = 0;
        if (rest is not [(byte)'.', ..])
        {
            return true;
        }

        var digits = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? rest.Length - 1 : digits;
        if (digits is < 1 or > 9)
        {
            return false;
        }

        foreach (var digit in rest.Slice(1, digits))
        {
            nanoseconds = (nanoseconds * 10) + (digit - '0');
        }

        for (var missing = digits; missing < 9; missing++)
        {
            nanoseconds *= 10;
        }

        rest = rest[(digits + 1)..];
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> rest, out long seconds)
    {
        seconds = 0;
        if (rest is [(byte)'Z' or (byte)'z'])
        {
            return true;
        }

        if (
            rest is not [(byte)'+' or (byte)'-', _, _, (byte)':', _, _]
            || !Number(rest[1..3], out var hours)
            || !Number(rest[4..6], out var minutes)
            || hours > 23
            || minutes > 59
        )
        {
            return false;
        }

        seconds = ((hours * 3600) + (minutes * 60)) * (rest[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool Number(ReadOnlySpan<byte> text, out int value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
}
