using YamlDotNet.Core;

namespace FleetDashboard.Collector.Metadata;

/// <summary>Turns YamlDotNet's messages into errors with advice.</summary>
internal static class YamlFaults
{
    private static readonly (string Said, string Advice)[] Usually =
    [
        ("invalid mapping", "Put a text that holds ': ' in quotes, and let the key above end in ':'."),
        ("anchor or alias", "Put a pattern that begins with '*' in quotes."),
        ("did not find expected key", "Check the indentation: the keys of one mapping begin in the same column."),
        ("cannot start any token", "Put a text that begins with such a character in quotes."),
        ("quoted scalar, found unexpected end", "Close the quote that starts here."),
    ];

    public static FleetFileError Describe(Exception fault, Mark last, string text)
    {
        var at = fault is YamlException known ? known.Start : last;
        // YamlDotNet throws other exceptions on some texts; their messages say nothing about the file.
        var said = fault is YamlException ? fault.Message.Trim().TrimEnd('.') : "this part cannot be read";

        // For a tab, YamlDotNet reports the start of the mapping and not the line of the tab.
        if (said.Contains(" tab ", StringComparison.Ordinal) && LineIndentedByTab(text, (int)at.Line) is { } line)
        {
            return new FleetFileError(line, 1, "not valid YAML: the line is indented with a tab. Use spaces.");
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
