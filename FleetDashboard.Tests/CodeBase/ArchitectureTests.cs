using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace FleetDashboard.Tests.CodeBase;

/// <summary>What the tree promises: data flows one way and nothing points back.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string Root = typeof(ArchitectureTests)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryRoot")
        .Value!;

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
        var text = File.ReadAllText(Path.Combine(Root, project, project + ".csproj"));
        var references = ProjectReference().Matches(text).Select(match => match.Groups[1].Value);

        Assert.Equal(allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries), references.Order());
        Assert.True(project == "FleetDashboard.Collector" || !text.Contains("Docker.DotNet", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory
            .EnumerateFiles(Path.Combine(Root, folder), "*.*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor");

    [GeneratedRegex(@"\busing Docker\.DotNet|@using Docker\.DotNet|\bDocker\.DotNet\.")]
    private static partial Regex DockerImport();

    [GeneratedRegex("""<ProjectReference Include="\.\.\\([\w.]+)\\""")]
    private static partial Regex ProjectReference();
}
