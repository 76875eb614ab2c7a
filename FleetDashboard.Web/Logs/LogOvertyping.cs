using System.Text.RegularExpressions;

namespace FleetDashboard.Web.Logs;

/// <summary>
/// Applies the carriage returns and backspaces of a line, as a terminal would. <c>wwwroot/logs/ansi.js</c> does the same.
/// </summary>
internal static class LogOvertyping
{
    /// <summary>
    /// The last state of a line that shows any text. A carriage return at the end is a Windows line end, and only an escape sequence may
    /// follow it.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="tokens">Matches escape sequences and other control characters.</param>
    public static string FinalState(string line, Regex tokens)
    {
        if (line.AsSpan().IndexOfAny('\r', '\b') < 0)
        {
            return line;
        }
        var states = line.Split('\r');
        var last = states.Length - 1;
        while (last > 0 && tokens.Replace(states[last], "").AsSpan().IndexOfAnyExcept(' ', '\t') < 0)
        {
            last--;
        }
        return Overtyped(states[last], tokens);
    }

    // A backspace after a character lets the next character replace it. Escape sequences take up no column.
    private static string Overtyped(string text, Regex tokens)
    {
        if (!text.Contains('\b', StringComparison.Ordinal))
        {
            return text;
        }
        var cells = new List<(string Text, bool Printed)>();
        var (cursor, from) = (0, 0);
        foreach (Match token in tokens.Matches(text))
        {
            PutAll(text.AsSpan(from, token.Index - from));
            from = token.Index + token.Length;
            if (token.Length > 1 || token.Value[0] is '\e' or >= '\u0080')
            {
                continue;
            }
            if (token.Value == "\b" && cursor > 0 && cells[cursor - 1].Printed)
            {
                cursor--;
                continue;
            }
            Put(token.Value, printed: false);
        }
        PutAll(text.AsSpan(from));
        return string.Concat(cells.Select(cell => cell.Text));

        void PutAll(ReadOnlySpan<char> plain)
        {
            foreach (var rune in plain.EnumerateRunes())
            {
                Put(rune.ToString(), printed: true);
            }
        }

        void Put(string character, bool printed)
        {
            if (cursor < cells.Count)
            {
                cells[cursor] = (character, printed);
            }
            else
            {
                cells.Add((character, printed));
            }
            cursor++;
        }
    }
}
