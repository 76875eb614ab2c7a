using System.Text.RegularExpressions;
using FleetDashboard.Collector.Databases;
using Xunit;

namespace FleetDashboard.Tests.Collector.Databases;

/// <summary>The commands that run inside containers.</summary>
public sealed partial class DatabaseProbeTests
{
    [Theory]
    [InlineData("postgresql")]
    [InlineData("mysql")]
    [InlineData("mariadb")]
    [InlineData("redis")]
    [InlineData("valkey")]
    [InlineData("mongodb")]
    public void Command_OfEachKind_IsFixed(string kind)
    {
        var command = DatabaseProbe.Find(kind)!.Command(TimeSpan.FromSeconds(10));

        Assert.Equal(["sh", "-c", DatabaseProbe.Find(kind)!.Script, "fleet-probe", "10"], command);
        Assert.Contains("guarded", command[2], StringComparison.Ordinal);
        Assert.InRange(command[2].Length, 500, 4000);
    }

    // The host's list of processes shows a program's arguments. A secret must be passed by environment or file.
    [Theory]
    [InlineData("postgresql")]
    [InlineData("mysql")]
    [InlineData("redis")]
    [InlineData("mongodb")]
    public void Client_OfEachKind_GetsNoSecretAsAnArgument(string kind)
    {
        var line = Assert.Single(
            DatabaseProbe.Find(kind)!.Script.Split('\n'),
            line => line.StartsWith("guarded ", StringComparison.Ordinal)
        );

        Assert.Subset(new HashSet<string> { "$client", "$port" }, Variable().Matches(line).Select(match => match.Value).ToHashSet());
    }

    [Fact]
    public void UnknownKind_HasNoProbe() => Assert.Null(DatabaseProbe.Find("oracle"));

    [GeneratedRegex(@"\$\w+")]
    private static partial Regex Variable();
}
