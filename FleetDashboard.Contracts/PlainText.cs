using System.Globalization;
using System.Text;

namespace FleetDashboard.Contracts;

/// <summary>
/// Text of others as one line that shows what it holds: names, labels, and what a provider or a registry says. Control characters would act in a terminal or
/// begin a second line of a log. Characters that turn the direction of writing or are not seen at all make one name look like another.
/// </summary>
public static class PlainText
{
    private const char Replacement = '\uFFFD';
    private const char Cut = '…';

    /// <summary>Joins the parts of one picture (a family, a flag), which are text.</summary>
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>The text with every such character replaced, at most <paramref name="maxLength"/> characters long.</summary>
    public static string Clean(string text, int maxLength)
    {
        var cut = text.Length > maxLength ? text[..(maxLength - 1)] : text;
        var clean = new StringBuilder(cut.Length + 1);
        foreach (var rune in cut.EnumerateRunes()) // half a pair becomes a replacement by itself
        {
            if (IsShown(rune))
            {
                clean.Append(rune.ToString());
            }
            else
            {
                clean.Append(Replacement);
            }
        }

        return text.Length > maxLength ? clean.Append(Cut).ToString() : clean.ToString();
    }

    private static bool IsShown(Rune rune) => rune.Value == ZeroWidthJoiner || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
