using System.Collections.Frozen;
using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>
/// Finds a container's folder in the cgroup tree: where the engine's driver puts it, where its first process says it is, or by a walk
/// through the tree. The walk is remembered, and repeated at most every 30 seconds when a container is missing from it.
/// </summary>
internal sealed class CgroupFinder(CgroupTree tree, string procRoot, TimeProvider time)
{
    private static readonly TimeSpan WalkEvery = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, (DateTimeOffset At, FrozenDictionary<string, string> Folders)> _walks = [];

    /// <summary>False where the next walk might still find the container.</summary>
    public bool WasThorough { get; private set; }

    /// <summary>Opens the container's files; null where its cgroup is not in this tree.</summary>
    /// <exception cref="IOException">The cgroup is gone, or a file is missing.</exception>
    /// <exception cref="UnauthorizedAccessException">The Collector may not read a file.</exception>
    public FollowedContainer? Open(SampleTarget target)
    {
        WasThorough = true;
        var lines = ProcessFiles.CgroupsOf(procRoot, target);
        ContainerCgroup? cgroup;
        if (tree.Version == 2)
        {
            cgroup = Find(target, "", lines) is { } folder ? new CgroupV2(folder) : null;
        }
        else
        {
            string[] wanted = ["cpuacct", "cpu", "memory", "pids", "blkio"];
            var folders = wanted
                .Where(name => tree.FolderOf(name) is not null)
                .ToDictionary(name => name, name => Find(target, name, lines));
            cgroup = folders.ContainsValue(null) ? null : new CgroupV1(folders.GetValueOrDefault);
        }

        // The interface table belongs to a process. It is used only where the process was proven to be the container's.
        return cgroup is null
            ? null
            : new FollowedContainer(target, cgroup, lines is not null && target.Interfaces > 0 ? OpenInterfaces(target.Pid) : null);
    }

    private string? Find(SampleTarget target, string controller, string[]? lines)
    {
        var root = tree.FolderOf(controller)!;
        return Below(target.CgroupPath.TrimStart('/'))
            ?? Below(lines is null ? null : ProcessFiles.FolderIn(lines, tree, controller, target.Id))
            ?? Below(Walked());

        string? Below(string? path) =>
            path is not null && Path.Combine(root, path) is var folder && Directory.Exists(folder) ? folder : null;

        string? Walked()
        {
            if (_walks.TryGetValue(root, out var walk) && (walk.Folders.ContainsKey(target.Id) || time.GetUtcNow() - walk.At < WalkEvery))
            {
                var known = walk.Folders.GetValueOrDefault(target.Id);
                WasThorough &= known is not null;
                return known;
            }

            _walks[root] = walk = (time.GetUtcNow(), CgroupMap.Scan(root));
            return walk.Folders.GetValueOrDefault(target.Id);
        }
    }

    private KernelFile<ImmutableArray<InterfaceCounters>>? OpenInterfaces(int pid)
    {
        try
        {
            return KernelFile<ImmutableArray<InterfaceCounters>>.Open(ProcessFiles.FileOf(procRoot, pid, "net/dev"), InterfaceTable.Parse);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
