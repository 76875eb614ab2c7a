using YamlDotNet.Core;

namespace FleetDashboard.Collector.Metadata;

/// <summary>The library's words for bad YAML, with what usually is behind them.</summary>
internal static class YamlFaults
{
    public static string Describe(YamlException fault, string text)
    {
        var said = fault.Message.Trim().TrimEnd('.');
        return $"not valid YAML: {said}.{Advice(said, LineOf(text, fault.Start.Line))}";
    }

    private static string Advice(string said, string line) => line switch
    {
        _ when IsIndentedByTab(line) => " The line is indented by a tab; YAML wants spaces.",
        _ when said.Contains("alias", StringComparison.OrdinalIgnoreCase) => " Put a pattern that begins with '*' in quotes.",
        _ when said.Contains("mapping value", StringComparison.OrdinalIgnoreCase) => " Put a text that holds ': ' in quotes, and check the indentation.",
        _ => "",
    };

    private static bool IsIndentedByTab(string line) => line.AsSpan(0, line.Length - line.AsSpan().TrimStart().Length).Contains('\t');

    private static string LineOf(string text, long number)
    {
        using var reader = new StringReader(text);
        var line = "";
        for (var i = 0L; i < number && reader.ReadLine() is { } next; i++)
        {
            line = next;
        }

        return line;
    }
}
