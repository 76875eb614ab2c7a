using System.Buffers.Text;

namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>The kernel's way of writing figures: lines of words, read where they lie.</summary>
internal static class KernelText
{
    /// <summary>Takes the next line that is not empty off <paramref name="rest"/>.</summary>
    public static bool NextLine(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line) => Next(ref rest, "\n"u8, out line);

    /// <summary>Takes the next word off <paramref name="rest"/>: what stands between blanks.</summary>
    public static bool NextWord(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> word) => Next(ref rest, " \t"u8, out word);

    /// <summary>The number at the beginning of a word.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static ulong Number(ReadOnlySpan<byte> word) =>
        Utf8Parser.TryParse(word, out ulong value, out _)
            ? value
            : throw new InvalidDataException("The kernel's file has no number where one belongs.");

    /// <summary>The number after the next blank of <paramref name="line"/>.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static ulong NextNumber(ref ReadOnlySpan<byte> line) =>
        NextWord(ref line, out var word)
            ? Number(word)
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
