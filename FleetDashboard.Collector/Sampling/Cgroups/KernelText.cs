using System.Buffers.Text;

namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>Parses the kernel's text files: lines of fields, without copies.</summary>
internal static class KernelText
{
    /// <summary>Reads the next line of <paramref name="rest"/> that is not empty.</summary>
    public static bool NextLine(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line) => Next(ref rest, "\n"u8, out line);

    /// <summary>Reads the next field of <paramref name="rest"/>, up to a blank.</summary>
    public static bool NextField(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> field) => Next(ref rest, " \t"u8, out field);

    /// <summary>The number at the start of a field.</summary>
    /// <exception cref="InvalidDataException">It has no number.</exception>
    public static ulong Number(ReadOnlySpan<byte> field) =>
        Utf8Parser.TryParse(field, out ulong value, out _)
            ? value
            : throw new InvalidDataException("The kernel's file has no number where one belongs.");

    /// <summary>The next field of <paramref name="line"/> as a number.</summary>
    /// <exception cref="InvalidDataException">It has no number.</exception>
    public static ulong NextNumber(ref ReadOnlySpan<byte> line) =>
        NextField(ref line, out var field)
            ? Number(field)
            : throw new InvalidDataException("A line of the kernel's file ends where a number belongs.");

    private static bool Next(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> separators, out ReadOnlySpan<byte> piece)
    {
        rest = rest[(rest.IndexOfAnyExcept(separators) is >= 0 and var start ? start : rest.Length)..];
        var end = rest.IndexOfAny(separators);
        piece = end < 0 ? rest : rest[..end];
        rest = rest[piece.Length..];
        return !piece.IsEmpty;
    }
}
