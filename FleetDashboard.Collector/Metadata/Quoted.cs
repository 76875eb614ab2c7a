using System.Text.RegularExpressions;

namespace FleetDashboard.Collector.Metadata;

/// <summary>Quotes text of the file in our messages: short, on one line.</summary>
internal static partial class Quoted
{
    private const int MaxLength = 60;

    public static string Text(string text)
    {
        text = Password().Replace(text, "://…@"); // Every viewer can read the message.
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

    /// <summary>Returns <c>; did you mean 'title'?</c> with the nearest of <paramref name="known"/>, else a full stop.</summary>
    public static string Meant(string text, IEnumerable<string> known)
    {
        var nearest = known
            .Select(name => (Name: name, Distance: Distance(text, name)))
            .OrderBy(entry => entry.Distance)
            .FirstOrDefault((Name: "", Distance: int.MaxValue));
        return nearest.Distance <= Math.Max(1, Math.Min(text.Length, nearest.Name.Length) / 3)
            ? $"; did you mean {Text(nearest.Name)}?"
            : ".";
    }

    // Levenshtein distance, ignoring case. Names are short, so a long text is never one of them.
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
