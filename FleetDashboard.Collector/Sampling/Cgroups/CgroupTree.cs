using System.Diagnostics.CodeAnalysis;

namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>
/// The mounted cgroup tree. Version 1 has a folder for each controller, version 2 one for all.
/// </summary>
internal sealed class CgroupTree
{
    private static readonly string[] Needed = ["cpuacct", "cpu", "memory"];

    private CgroupTree(int version, string root) => (Version, Root) = (version, root);

    /// <summary>1 or 2.</summary>
    public int Version { get; }

    public string Root { get; }

    /// <summary>
    /// The tree below <paramref name="root"/>. False where no tree has CPU and memory; <paramref name="why"/> is the end of a sentence.
    /// </summary>
    public static bool TryFind(string root, [NotNullWhen(true)] out CgroupTree? tree, out string why)
    {
        (tree, why) = (null, "");
        if (!Directory.Exists(root))
        {
            why = "there is no such folder";
            return false;
        }

        var controllers = Path.Combine(root, "cgroup.controllers");
        if (File.Exists(controllers))
        {
            // In systemd's hybrid layout both versions list the containers, but each controller is in one tree only.
            var there = File.ReadAllText(controllers).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (!there.Contains("cpu") || !there.Contains("memory"))
            {
                why = $"its cgroups of version 2 do not have the controllers cpu and memory (only: {string.Join(' ', there)})";
                return false;
            }

            tree = new CgroupTree(2, root);
            return true;
        }

        var first = new CgroupTree(1, root);
        if (Needed.FirstOrDefault(name => first.FolderOf(name) is null) is { } missing)
        {
            why = $"it has neither a file cgroup.controllers nor a folder {missing}";
            return false;
        }

        tree = first;
        return true;
    }

    /// <summary>The folder of a controller's cgroups; null where the kernel lacks the controller.</summary>
    public string? FolderOf(string controller)
    {
        if (Version == 2)
        {
            return Root;
        }

        string[] names = controller is "cpu" or "cpuacct" ? [controller, "cpu,cpuacct", "cpuacct,cpu"] : [controller];
        return names.Select(name => Path.Combine(Root, name)).FirstOrDefault(Directory.Exists);
    }
}
