using System.Text.RegularExpressions;

namespace FleetDashboard.Tests.CodeBase;

/// <summary>A sentence, or part of one, in a source file.</summary>
/// <param name="Number">Its line, from 1.</param>
/// <param name="Text">The text without code.</param>
/// <param name="Line">The whole line.</param>
/// <param name="Above">The whole line above.</param>
internal sealed record ProseLine(int Number, string Text, string Line, string Above)
{
    public bool IsExempt(string marker) =>
        Line.Contains(marker, StringComparison.Ordinal) || Above.Contains(marker, StringComparison.Ordinal);
}

/// <summary>Takes the sentences out of source files: comments, strings with spaces, page text and documents.</summary>
internal static partial class Prose
{
    public static IEnumerable<ProseLine> Read(string file) => Read(file, File.ReadAllLines(file));

    public static IEnumerable<ProseLine> Read(string file, IReadOnlyList<string> lines)
    {
        var isFenced = false;
        for (var index = 0; index < lines.Count; index++)
        {
            var line = lines[index];
            isFenced ^= line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            foreach (var text in Texts(file, line, isFenced))
            {
                yield return new ProseLine(index + 1, text, line, index > 0 ? lines[index - 1] : "");
            }
        }
    }

    private static IEnumerable<string> Texts(string file, string line, bool isFenced) =>
        Path.GetExtension(file) switch
        {
            ".md" => isFenced ? [] : [MarkdownCode().Replace(line, "`")],
            ".css" => StyleComment().Matches(line).Select(match => match.Groups[1].Value),
            ".cs" or ".js" => Code(line),
            ".razor" => Code(line).Concat(Page(line)),
            _ => Script(line),
        };

    private static IEnumerable<string> Code(string line)
    {
        if (Comment().Match(line) is { Success: true } comment)
        {
            yield return Markup().Replace(comment.Groups["text"].Value, "");
            line = line[..comment.Index];
        }

        foreach (Match text in StringLiteral().Matches(line))
        {
            var sentence = Hole().Replace(text.Groups[1].Value, "");
            if (sentence.Trim().Contains(' ', StringComparison.Ordinal))
            {
                yield return sentence;
            }
        }
    }

    private static IEnumerable<string> Page(string line)
    {
        var text = Markup().Replace(line.Replace("@*", " ", StringComparison.Ordinal).Replace("*@", " ", StringComparison.Ordinal), "|");
        return text.IndexOfAny([';', '{', '}', '=']) >= 0 ? [] : [text];
    }

    private static IEnumerable<string> Script(string line)
    {
        var comment = ScriptComment().Match(line);
        var code = comment.Success ? line[..comment.Index] : line;
        return StringLiteral()
            .Matches(code)
            .Select(match => match.Groups[1].Value)
            .Where(text => text.Contains(' ', StringComparison.Ordinal))
            .Concat(comment.Success ? [comment.Groups[1].Value] : []);
    }

    [GeneratedRegex(@"(?:^|\s)///?(?!/) ?(?<text>.*)$|^\s*\*(?!/) (?<text>.*)$|/\*\*?(?<text>.*?)\*/")]
    private static partial Regex Comment();

    [GeneratedRegex(@"""((?:\\.|[^""\\])*)""")]
    private static partial Regex StringLiteral();

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"<c>.*?</c>|cref=""[^""]*""|name=""[^""]*""|<[^>]*>|@\([^)]*\)|@[\w.]+")]
    private static partial Regex Markup();

    [GeneratedRegex(@"`[^`]*`|\]\([^)]*\)")]
    private static partial Regex MarkdownCode();

    [GeneratedRegex(@"/\*(.*?)\*/")]
    private static partial Regex StyleComment();

    [GeneratedRegex(@"(?:^|\s)# (.*)$")]
    private static partial Regex ScriptComment();
}
