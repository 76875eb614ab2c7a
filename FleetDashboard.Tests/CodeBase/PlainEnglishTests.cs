using System.Text.RegularExpressions;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.CodeBase;

/// <summary>
/// Every sentence of the project is understood at first reading. This test finds the phrases that made sentences hard to read, in comments,
/// messages, page text and documents. CONTRIBUTING.md lists the rules. A line that needs one of the phrases says why in a comment on it or
/// above it: <c>plain-english: the reason</c>.
/// </summary>
public sealed partial class PlainEnglishTests
{
    private const int Widest = 140;
    private const string Exempt = "plain-english:"; // plain-english: this is the marker itself.

    private static readonly string[] Patterns = ["*.cs", "*.razor", "*.js", "*.css", "*.sh", "*.md", "*.yml", "*.yaml", "run", "setup"];

    // plain-english: the phrases themselves follow.
    private static readonly (Regex Phrase, string Advice)[] Rules =
    [
        (Insensitive(@"\b(whoever|whomever|of whom|somebody|anybody)\b"), "name the person, the program or the container"), // plain-english: rule
        (Insensitive(@"\bthose (that|who|which)\b|\bthe others\b|\bwhat is there\b"), "name the thing"), // plain-english: rule
        (Insensitive(@"\b(is|are|was|were|be|been|being) (told|heard|said)\b"), "say who sends, receives, logs or shows it"), // plain-english: rule
        (Insensitive(@"\b(is|are) known\b"), "say who loaded, received or found it"), // plain-english: rule
        (Insensitive(@"\bis none\b"), "say the fact, not the absence of its opposite"), // plain-english: rule
        (new Regex(@"(?:^|[.:] )(So (long|many|much|far|often|large|few)|Of whom)\b(?! (that|as)\b)"), "start with the point"), // plain-english: rule
        (Insensitive(@"\banew\b"), "recreated, again"), // plain-english: rule
        (Insensitive(@"\bcalled off\b"), "cancelled"), // plain-english: rule
        (Insensitive(@"\btime to stop\b"), "stop timeout"), // plain-english: rule
        (Insensitive(@"\btelling\b"), "reporting, showing"), // plain-english: rule
        (Insensitive(@"\bfigures?\b"), "stats, values, numbers"), // plain-english: rule
        (Insensitive(@"(?<!quotation |question |byte order )\bmarks?\b"), "label, badge, flag"), // plain-english: rule
        (Insensitive(@"\b(thief|thieves|doors?|desks?|books?)\b"), "use the field's own term, not a metaphor"), // plain-english: rule
        (Insensitive(@"\bwords?\b"), "name, term, text"), // plain-english: rule
    ];

    private static IEnumerable<string> Sources =>
        Patterns
            .SelectMany(pattern => Repository.Files(pattern))
            .Where(file => !file.Contains("/Migrations/", StringComparison.Ordinal))
            .Distinct();

    [Fact]
    public void Sentences_UseNoneOfThePhrasesThatConfuseReaders()
    {
        var found = Sources
            .SelectMany(file => Prose.Read(file).Where(line => !line.IsExempt(Exempt)).SelectMany(line => Judge(file, line)))
            .ToList();

        Assert.True(found.Count == 0, $"{found.Count} sentences:\n{string.Join('\n', found.Take(100))}");
    }

    [Fact]
    public void Lines_AreAtMost140ColumnsWide()
    {
        var wide = Sources.SelectMany(file =>
            File.ReadLines(file)
                .Select((line, index) => (line, number: index + 1))
                // A row of a table in Markdown cannot be wrapped.
                .Where(entry =>
                    entry.line.Length > Widest && !entry.line.StartsWith('|') && !entry.line.Contains(Exempt, StringComparison.Ordinal)
                )
                .Select(entry => $"{Repository.Relative(file)}:{entry.number}: {entry.line.Length} columns")
        );

        Assert.Empty(wide);
    }

    [Theory]
    [InlineData("a.cs", "    // Whoever reads this.", true)] // plain-english: rule
    [InlineData("a.cs", "    /// <summary>So long a job is kept.</summary>", true)] // plain-english: rule
    [InlineData("a.cs", "    var text = \"It was called off.\";", true)] // plain-english: rule
    [InlineData("a.cs", "    var whoever = bookmark.Figures;", false)] // plain-english: rule
    [InlineData("a.razor", "<p>Nothing is told here</p>", true)] // plain-english: rule
    [InlineData("a.md", "The list is made anew.", true)] // plain-english: rule
    [InlineData("a.md", "`anew`", false)] // plain-english: rule
    [InlineData("a.js", "  // Somebody looks.", true)] // plain-english: rule
    [InlineData("a.sh", "echo \"Nobody knows the others.\"", true)] // plain-english: rule
    public void Check_FindsAPhraseInProse_AndNotInCode(string file, string line, bool found) =>
        Assert.Equal(found, Prose.Read(file, [line]).SelectMany(prose => Judge(file, prose)).Any());

    private static IEnumerable<string> Judge(string file, ProseLine line) =>
        from rule in Rules
        let match = rule.Phrase.Match(line.Text.Trim())
        where match.Success
        select $"{Repository.Relative(file)}:{line.Number}: \"{match.Value}\" ({rule.Advice}): {line.Text.Trim()}";

    private static Regex Insensitive(string pattern) => new(pattern, RegexOptions.IgnoreCase);
}
