using System.Text.RegularExpressions;

namespace FleetDashboard.Collector.Actions;

/// <summary>Tells which container this process runs in, if any: it must not be the one to stop it.</summary>
internal sealed partial class OwnContainer
{
    private readonly HashSet<string> _ids;
    private readonly string _host;

    public OwnContainer()
        : this(Read("/proc/self/mountinfo"), Read("/proc/self/cgroup"), Environment.MachineName) { }

    /// <param name="mounts">What <c>/proc/self/mountinfo</c> says: the engine mounts files of a container from a folder of its id.</param>
    /// <param name="cgroups">What <c>/proc/self/cgroup</c> says: with version 1 of the cgroups the path ends with the id.</param>
    /// <param name="host">The host's name: the engine makes it of the id's first twelve digits unless told otherwise.</param>
    internal OwnContainer(string mounts, string cgroups, string host)
    {
        _ids = [.. Mounted().Matches(mounts).Concat(Grouped().Matches(cgroups)).Select(match => match.Groups[1].Value)];
        _host = ShortId().IsMatch(host) ? host : "";
    }

    public bool Is(string id) => _ids.Contains(id) || (_host.Length > 0 && id.StartsWith(_host, StringComparison.Ordinal));

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // .../containers/ID/hostname /etc/hostname: of a process outside a container no such file is mounted on /etc.
    [GeneratedRegex(@"containers/([0-9a-f]{64})/(?:userdata/)?(?:hostname|hosts|resolv\.conf) /etc/")]
    private static partial Regex Mounted();

    [GeneratedRegex(@"[/-]([0-9a-f]{64})(?:\.scope)?$", RegexOptions.Multiline)]
    private static partial Regex Grouped();

    [GeneratedRegex(@"\A[0-9a-f]{12}\z")]
    private static partial Regex ShortId();
}
