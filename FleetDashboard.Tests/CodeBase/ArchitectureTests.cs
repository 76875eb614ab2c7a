using System.Text.RegularExpressions;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.CodeBase;

/// <summary>Only the engine room imports the Docker client, and each project references only the projects listed.</summary>
public sealed partial class ArchitectureTests
{
    [Fact]
    public void DockerClient_IsImportedByTheEngineRoomOnly()
    {
        var elsewhere = Sources("FleetDashboard.Collector")
            .Concat(Sources("FleetDashboard.Web"))
            .Concat(Sources("FleetDashboard.Contracts"))
            .Where(file =>
                !file.Contains($"Collector{Path.DirectorySeparatorChar}Engine{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            )
            .Where(file => DockerImport().IsMatch(File.ReadAllText(file)));

        Assert.Empty(elsewhere);
    }

    [Theory]
    [InlineData("FleetDashboard.Contracts", "")]
    [InlineData("FleetDashboard.Web", "FleetDashboard.Contracts FleetDashboard.ServiceDefaults")]
    [InlineData("FleetDashboard.Collector", "FleetDashboard.Contracts FleetDashboard.ServiceDefaults")]
    [InlineData("FleetDashboard.DemoEngine", "")]
    public void Project_ReferencesOnlyWhatItMay(string project, string allowed)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, project, project + ".csproj"));
        var references = ProjectReference().Matches(text).Select(match => match.Groups[1].Value);

        Assert.Equal(allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries), references.Order());
        Assert.True(project == "FleetDashboard.Collector" || !text.Contains("Docker.DotNet", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Sources(string folder) =>
        Repository.Files("*.cs", folder).Concat(Repository.Files("*.razor", folder));

    [GeneratedRegex(@"\busing Docker\.DotNet|@using Docker\.DotNet|\bDocker\.DotNet\.")]
    private static partial Regex DockerImport();

    [GeneratedRegex("""<ProjectReference Include="\.\.\\([\w.]+)\\""")]
    private static partial Regex ProjectReference();
}
