using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace FleetDashboard.Tests.Docs;

/// <summary>A claim of docs/security.md that names a test names one that is there.</summary>
public sealed partial class SecurityClaimsTests
{
    private static readonly Assembly Tests = typeof(SecurityClaimsTests).Assembly;

    [Fact]
    public void EveryTestThatTheSecurityPageNames_IsThere()
    {
        var root = Tests.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;
        var named = TestName()
            .Matches(File.ReadAllText(Path.Combine(root, "docs", "security.md")))
            .Select(match => match.Value)
            .Distinct()
            .ToList();

        Assert.True(named.Count > 30, "The page names its tests.");
        Assert.All(named, name => Assert.True(Exists(name), $"docs/security.md names {name}, which is no test."));
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
}
