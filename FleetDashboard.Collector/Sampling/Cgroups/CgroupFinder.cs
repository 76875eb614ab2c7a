using System.Collections.Frozen;
using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>
/// Finds a container's folder in a tree: where the engine's driver puts it, where its first process says it is, and else by a walk, which
/// is remembered
/// and repeated only when somebody unknown turns up, and not often.
/// </summary>
internal sealed class CgroupFinder(CgroupTree tree, string procRoot, TimeProvider time)
{
    private static readonly TimeSpan WalkEvery = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, (DateTimeOffset At, FrozenDictionary<string, string> Folders)> _walks = [];

    /// <summary>False where a walk that is not due yet might still find some of them.</summary>
    public bool WasThorough { get; private set; }

    /// <summary>Opens the container's files; null where its cgroup is not in this tree.</summary>
    /// <exception cref="IOException">It went meanwhile, or a file is missing.</exception>
    /// <exception cref="UnauthorizedAccessException">A file is not for us.</exception>
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

        // The network's table belongs to a process, and only of one that is proven to be the container's it says anything.
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
