using System.Reflection;
using System.Text.RegularExpressions;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Docs;

/// <summary>The documents name tests that exist, and stay short enough to be read.</summary>
public sealed partial class DocumentTests
{
    private static readonly Assembly Tests = typeof(DocumentTests).Assembly;

    private static string[] Lines(string page) => File.ReadAllLines(Path.Combine(Repository.Root, page));

    [Theory]
    [InlineData("docs/security.md", 30)]
    [InlineData("docs/architecture.md", 12)]
    [InlineData("CONTRIBUTING.md", 5)]
    public void Page_NamesTestsThatExist(string page, int fewest)
    {
        var named = TestName().Matches(string.Join('\n', Lines(page))).Select(match => match.Value).Distinct().ToList();

        Assert.True(named.Count >= fewest, $"{page} names {named.Count} tests.");
        Assert.All(named, name => Assert.True(Exists(name), $"{page} names {name}, which is no test."));
    }

    [Fact]
    public void Invariant_EndsWithTheTestThatProvesIt()
    {
        var invariants = Lines("docs/architecture.md")
            .SkipWhile(line => line != "## Invariants")
            .Where(line => Numbered().IsMatch(line))
            .ToList();

        Assert.True(invariants.Count >= 10, $"{invariants.Count} invariants were found.");
        // Number 10 is enforced by the compiler.
        Assert.All(
            invariants.Where(line => !line.Contains("BannedSymbols", StringComparison.Ordinal)),
            line => Assert.Matches("`[A-Z]\\w+Tests`$", line)
        );
    }

    [Fact]
    public void Page_StartsWithWhoItIsFor() =>
        Assert.All(
            Repository.Files("*.md", "docs").Append(Path.Combine(Repository.Root, "CONTRIBUTING.md")),
            page => Assert.StartsWith("For ", File.ReadLines(page).Skip(1).First(line => line.Length > 0), StringComparison.Ordinal)
        );

    [Fact]
    public void Pages_StayShort()
    {
        Assert.InRange(Lines("README.md").Length, 1, 120);
        Assert.InRange(Lines("docs/architecture.md").Sum(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length), 1, 1000);
        Assert.All(Entries(Lines("docs/decisions.md")), entry => Assert.InRange(entry.Count, 1, 3));
    }

    private static IEnumerable<List<string>> Entries(string[] lines)
    {
        List<string>? entry = null;
        foreach (var line in lines)
        {
            if (line.StartsWith("- ", StringComparison.Ordinal))
            {
                if (entry is not null)
                {
                    yield return entry;
                }

                entry = [line];
            }
            else if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                entry?.Add(line);
            }
        }

        yield return entry!;
    }

    private static bool Exists(string name)
    {
        var parts = name.Split('.');
        var type = Array.Find(Tests.GetTypes(), type => type.Name == parts[0]);
        return type is not null && (parts.Length == 1 || type.GetMethod(parts[1])?.GetCustomAttributes().Any(IsTest) == true);
    }

    private static bool IsTest(Attribute attribute) =>
        attribute.GetType().Name is var name
        && (name.EndsWith("FactAttribute", StringComparison.Ordinal) || name.EndsWith("TheoryAttribute", StringComparison.Ordinal));

    [GeneratedRegex(@"\b[A-Z]\w+Tests(\.\w+)?\b")]
    private static partial Regex TestName();

    [GeneratedRegex(@"^\d+\. ")]
    private static partial Regex Numbered();
}
