using System.Text.RegularExpressions;
using FleetDashboard.Collector.Databases;
using Xunit;

namespace FleetDashboard.Tests.Collector.Databases;

/// <summary>The commands that run inside other people's containers.</summary>
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

    // What is a program's argument can be read in the host's list of processes: a secret goes by environment or by a file.
    [Theory]
    [InlineData("postgresql")]
    [InlineData("mysql")]
    [InlineData("redis")]
    [InlineData("mongodb")]
    public void Client_OfEachKind_IsGivenNoSecretAsAnArgument(string kind)
    {
        var line = Assert.Single(
            DatabaseProbe.Find(kind)!.Script.Split('\n'),
            line => line.StartsWith("guarded ", StringComparison.Ordinal)
        );

        Assert.Subset(new HashSet<string> { "$client", "$port" }, Variable().Matches(line).Select(match => match.Value).ToHashSet());
    }

    [Fact]
    public void Kind_NotKnown_HasNone() => Assert.Null(DatabaseProbe.Find("oracle"));

    [GeneratedRegex(@"\$\w+")]
    private static partial Regex Variable();
}
