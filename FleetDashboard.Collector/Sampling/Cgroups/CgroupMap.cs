using System.Buffers;
using System.Collections.Frozen;

namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>
/// Finds the folder of every container by one walk through the cgroup tree. Needed where the parent cannot be derived: an engine inside a
/// container, a rootless engine, folder names of other engines.
/// </summary>
internal static class CgroupMap
{
    private const int IdLength = 64;
    private const int Deepest = 12;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>The most folders that a walk visits. With more, it would take seconds.</summary>
    private const int MostFolders = 20_000;

    /// <summary>Folders by the container's id, relative to <paramref name="root"/>.</summary>
    public static FrozenDictionary<string, string> Scan(string root)
    {
        var found = new Dictionary<string, string>();
        var level = new Queue<(string Path, int Depth)>([("", 0)]);
        for (var seen = 0; seen < MostFolders && level.TryDequeue(out var at); seen++)
        {
            foreach (var child in ChildrenOf(Path.Combine(root, at.Path)))
            {
                var path = Path.Combine(at.Path, child);
                if (IdIn(child) is { } id)
                {
                    found.TryAdd(id, path); // The outermost folder: the folders below belong to the container itself.
                }
                else if (at.Depth < Deepest)
                {
                    level.Enqueue((path, at.Depth + 1));
                }
            }
        }

        return found.ToFrozenDictionary();
    }

    /// <summary>
    /// The container id in a folder's name: the whole name, or between a prefix and <c>.scope</c>. Null for the folder of Podman's monitor
    /// (conmon), which has the same id.
    /// </summary>
    public static string? IdIn(string name)
    {
        var end = name.EndsWith(".scope", StringComparison.Ordinal) ? name.Length - ".scope".Length : name.Length;
        var start = end - IdLength;
        return
            start >= 0
            && (start == 0 || name[start - 1] == '-')
            && !name.Contains("conmon", StringComparison.Ordinal)
            && !name.AsSpan(start, IdLength).ContainsAnyExcept(Digits)
            ? name[start..end]
            : null;
    }

    // A cgroup may vanish during the walk.
    private static string[] ChildrenOf(string folder)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path))];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
