namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>The files in <c>/proc</c> of a container's first process.</summary>
internal static class ProcessFiles
{
    /// <summary>
    /// The lines of <c>/proc/PID/cgroup</c>; null unless they name the container. The same number is another process in another PID
    /// namespace, and it may be reused after the process ended.
    /// </summary>
    /// <param name="procRoot">Where /proc is.</param>
    /// <param name="target">The container.</param>
    public static string[]? CgroupsOf(string procRoot, SampleTarget target)
    {
        if (target.Pid <= 0)
        {
            return null;
        }

        try
        {
            var lines = File.ReadAllLines(FileOf(procRoot, target.Pid, "cgroup"));
            return Array.Exists(lines, line => line.Contains(target.Id, StringComparison.Ordinal)) ? lines : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// The folder of a controller in these lines (<c>4:memory:/docker/ID</c>, version 2 <c>0::/docker/ID</c>); null where they name none.
    /// </summary>
    public static string? FolderIn(string[] lines, CgroupTree tree, string controller, string id)
    {
        foreach (var line in lines)
        {
            if (
                line.Split(':', 3) is not [var number, var controllers, var path]
                || (tree.Version == 2 ? number != "0" : !controllers.Split(',').Contains(controller))
            )
            {
                continue;
            }

            // In a cgroup namespace of our own the path begins with /.. and is unusable. Folders below the container's own were created by
            // the container.
            var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
            var last = Array.FindIndex(parts, part => CgroupMap.IdIn(part) == id);
            return last < 0 || parts.Contains("..") ? null : string.Join('/', parts[..(last + 1)]);
        }

        return null;
    }

    public static string FileOf(string procRoot, int pid, string name) =>
        Path.Combine(procRoot, pid.ToString(System.Globalization.CultureInfo.InvariantCulture), name);
}
