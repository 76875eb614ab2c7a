using System.Reflection;

namespace FleetDashboard.Tests.Support;

/// <summary>The repository that the tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] Generated = ["/artifacts/", "/bin/", "/obj/", "/node_modules/", "/.git/"];

    public static string Root { get; } =
        Path.GetFullPath(
            typeof(Repository)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(entry => entry.Key == "RepositoryRoot")
                .Value!
        );

    /// <summary>All files that match a pattern, without what a build generates.</summary>
    public static IEnumerable<string> Files(string pattern, string folder = "") =>
        Directory
            .EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(file => !Generated.Any(part => file[Root.Length..].Contains(part, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);

    public static string Relative(string file) => Path.GetRelativePath(Root, file);
}
