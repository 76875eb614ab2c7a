using System.Text.RegularExpressions;

namespace FleetDashboard.Collector.Actions;

/// <summary>Finds the container that this process runs in, if any. The Collector must not stop itself.</summary>
internal sealed partial class OwnContainer
{
    private readonly HashSet<string> _ids;
    private readonly string _host;

    public OwnContainer()
        : this(Read("/proc/self/mountinfo"), Read("/proc/self/cgroup"), Environment.MachineName) { }

    /// <param name="mounts">The text of <c>/proc/self/mountinfo</c>. A container's files are mounted from a folder named by its id.</param>
    /// <param name="cgroups">The text of <c>/proc/self/cgroup</c>. With cgroup version 1 the path ends with the id.</param>
    /// <param name="host">The host name. By default it is the first twelve digits of the id.</param>
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

    // Matches ".../containers/ID/hostname /etc/hostname". Outside of a container no such file is mounted on /etc.
    [GeneratedRegex(@"containers/([0-9a-f]{64})/(?:userdata/)?(?:hostname|hosts|resolv\.conf) /etc/")]
    private static partial Regex Mounted();

    [GeneratedRegex(@"[/-]([0-9a-f]{64})(?:\.scope)?$", RegexOptions.Multiline)]
    private static partial Regex Grouped();

    [GeneratedRegex(@"\A[0-9a-f]{12}\z")]
    private static partial Regex ShortId();
}
