using YamlDotNet.Core;

namespace FleetDashboard.Collector.Metadata;

/// <summary>The library's words for bad YAML, with what is usually behind them.</summary>
internal static class YamlFaults
{
    private static readonly (string Said, string Advice)[] Usually =
    [
        ("invalid mapping", "Put a text that holds ': ' in quotes, and let the key above end in ':'."),
        ("anchor or alias", "Put a pattern that begins with '*' in quotes."),
        ("did not find expected key", "Check the indentation: the keys of one mapping begin in the same column."),
        ("cannot start any token", "Put a text that begins with such a character in quotes."),
        ("quoted scalar, found unexpected end", "A quote is opened here and not closed."),
    ];

    public static FleetFileError Describe(Exception fault, Mark last, string text)
    {
        var at = fault is YamlException known ? known.Start : last;
        // The library trips over some texts.
        var said = fault is YamlException ? fault.Message.Trim().TrimEnd('.') : "something here cannot be read";

        // Of a tab the library says where the mapping began, which is not where to look.
        if (said.Contains(" tab ", StringComparison.Ordinal) && LineIndentedByTab(text, (int)at.Line) is { } line)
        {
            return new FleetFileError(line, 1, "not valid YAML: the line is indented by a tab; YAML wants spaces.");
        }

        var advice = Usually.FirstOrDefault(entry => said.Contains(entry.Said, StringComparison.Ordinal)).Advice;
        return new FleetFileError((int)at.Line, (int)at.Column, $"not valid YAML: {said}.{(advice is null ? "" : " " + advice)}");
    }

    private static int? LineIndentedByTab(string text, int from)
    {
        using var reader = new StringReader(text);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (number >= from && line.AsSpan(0, line.Length - line.AsSpan().TrimStart().Length).Contains('\t'))
            {
                return number;
            }
        }

        return null;
    }
}
