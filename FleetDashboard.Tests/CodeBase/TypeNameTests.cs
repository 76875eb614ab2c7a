using System.Text.RegularExpressions;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.CodeBase;

/// <summary>One name means one type, so that a search by name finds what was meant.</summary>
public sealed partial class TypeNameTests
{
    [Fact]
    public void TypeName_OccursOnceInTheSolution()
    {
        var types = Repository
            .Files("*.cs")
            .Where(file => !file.Contains("/Migrations/", StringComparison.Ordinal))
            .SelectMany(file => Declaration().Matches(File.ReadAllText(file)).Select(match => (Name: match.Groups[1].Value, File: file)))
            .ToLookup(type => type.Name, type => Repository.Relative(type.File));

        Assert.True(types.Count > 500, $"only {types.Count} types were found");
        Assert.Empty(types.Where(type => type.Count() > 1).Select(type => $"{type.Key}: {string.Join(", ", type)}"));
    }

    [GeneratedRegex(
        @"^\s*(?:(?:public|internal|private|protected|file|static|sealed|abstract|partial|readonly|ref) )+"
            + @"(?:record struct|record class|record|class|struct|interface|enum) (\w+)",
        RegexOptions.Multiline
    )]
    private static partial Regex Declaration();
}
