using System.Text.RegularExpressions;

namespace FleetDashboard.Collector.Metadata;

/// <summary>Words of the file inside our own sentences: short, on one line, in quotes.</summary>
internal static partial class Quoted
{
    private const int MaxLength = 60;

    public static string Text(string text)
    {
        text = Password().Replace(text, "://…@"); // These sentences are read by every viewer.
        var shown =
            text.Length > MaxLength
                ? string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength), "…")
                : text;
        return $"'{string.Concat(shown.Select(c => char.IsControl(c) ? '\uFFFD' : c))}'";
    }

    public static string Char(char c) =>
        c switch
        {
            ' ' => "a space",
            '\t' => "a tab",
            _ when char.IsControl(c) => "a control character",
            _ when char.IsSurrogate(c) => "a character such as an emoji",
            _ => $"'{c}'",
        };

    /// <summary>The one of <paramref name="known"/> that was probably meant, as <c>; did you mean 'title'?</c>, or a full stop.</summary>
    public static string Meant(string text, IEnumerable<string> known)
    {
        var nearest = known
            .Select(word => (Word: word, Distance: Distance(text, word)))
            .OrderBy(entry => entry.Distance)
            .FirstOrDefault((Word: "", Distance: int.MaxValue));
        return nearest.Distance <= Math.Max(1, Math.Min(text.Length, nearest.Word.Length) / 3)
            ? $"; did you mean {Text(nearest.Word)}?"
            : ".";
    }

    // Levenshtein's, without regard to case. Names are short; a text that is not is none of them.
    private static int Distance(string one, string other)
    {
        if (one.Length > MaxLength || other.Length > MaxLength)
        {
            return int.MaxValue;
        }

        var (row, next) = (Enumerable.Range(0, other.Length + 1).ToArray(), new int[other.Length + 1]);
        for (var i = 0; i < one.Length; i++)
        {
            next[0] = i + 1;
            for (var j = 0; j < other.Length; j++)
            {
                var swap = row[j] + (char.ToLowerInvariant(one[i]) == char.ToLowerInvariant(other[j]) ? 0 : 1);
                next[j + 1] = Math.Min(swap, Math.Min(row[j + 1], next[j]) + 1);
            }

            (row, next) = (next, row);
        }

        return row[^1];
    }

    [GeneratedRegex(@"://[^\s@]*@", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Password();
}
