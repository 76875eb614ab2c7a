using System.Globalization;
using System.Text;

namespace FleetDashboard.Contracts;

/// <summary>
/// Makes text from outside (names, reasons, build output) safe to use in a sentence. Characters that change the order or the look of the
/// text around them become U+FFFD, so that one record or name cannot be made to look like another.
/// </summary>
public static class SafeText
{
    /// <summary>Replaces a character that may not be shown.</summary>
    public const char Replacement = '\ufffd';

    private const char Cut = '…';
    private const char ZeroWidthJoiner = '\u200d'; // Joins the parts of an emoji.

    /// <summary>
    /// The text with each control, format and lone surrogate character replaced. Returns the same instance where there is nothing to
    /// replace.
    /// </summary>
    /// <param name="text">The text; null stays null.</param>
    public static string? Clean(string? text)
    {
        var first = IndexOfBad(text);
        if (first < 0)
        {
            return text;
        }
        var clean = new StringBuilder(text!.Length).Append(text, 0, first);
        foreach (var rune in text.AsSpan(first).EnumerateRunes())
        {
            clean.Append(IsBad(rune) ? Replacement.ToString() : rune.ToString());
        }
        return clean.ToString();
    }

    /// <summary>The same, cut to a length.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">The most characters, with the ellipsis.</param>
    public static string Clean(string text, int maxLength) => text.Length > maxLength ? Clean(text[..(maxLength - 1)]) + Cut : Clean(text)!;

    /// <summary>
    /// True for characters that must not reach a reader: controls, line and paragraph separators, and format characters such as
    /// bidirectional overrides.
    /// </summary>
    public static bool IsBad(Rune rune) =>
        rune.Value != ZeroWidthJoiner
        && Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;

    private static int IndexOfBad(string? text)
    {
        for (var at = 0; at < text?.Length; )
        {
            if (char.IsAscii(text[at]) && !char.IsControl(text[at]))
            {
                at++;
                continue;
            }
            if (!Rune.TryGetRuneAt(text, at, out var rune) || IsBad(rune))
            {
                return at;
            }
            at += rune.Utf16SequenceLength;
        }
        return -1;
    }
}
