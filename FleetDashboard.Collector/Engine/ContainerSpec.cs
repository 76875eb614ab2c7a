using Docker.DotNet.Models;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// The resource limits of a container in the kernel's units, and its parent cgroup. Zero means no limit.
/// </summary>
internal sealed record ContainerSpec
{
    private const long DefaultPeriod = 100_000;
    private const long DefaultShares = 1024;

    /// <summary>Microseconds.</summary>
    public long CpuPeriod { get; init; } = DefaultPeriod;

    /// <summary>Microseconds of CPU in each period; 0 for no limit.</summary>
    public long CpuQuota { get; init; }

    public long CpuShares { get; init; } = DefaultShares;

    /// <summary>Bytes of memory and swap together; 0 for no limit.</summary>
    public long MemorySwapBytes { get; init; }

    /// <summary>Reserved memory in bytes; 0 for no reservation.</summary>
    public long MemoryReservationBytes { get; init; }

    /// <summary>Its parent cgroup; empty for the engine's default.</summary>
    public string CgroupParent { get; init; } = "";

    public static ContainerSpec From(HostConfig? host)
    {
        if (host is null)
        {
            return new ContainerSpec();
        }

        var period = host.CPUPeriod > 0 ? host.CPUPeriod : DefaultPeriod;
        return new ContainerSpec
        {
            CpuPeriod = period,
            CpuQuota = host.NanoCPUs > 0 ? (long)(host.NanoCPUs * (period / 1e9)) : Math.Max(0, host.CPUQuota),
            CpuShares = host.CPUShares > 0 ? host.CPUShares : DefaultShares,
            MemorySwapBytes = Math.Max(0, host.MemorySwap),
            MemoryReservationBytes = Math.Max(0, host.MemoryReservation),
            CgroupParent = Parent(host.CgroupParent),
        };
    }

    // It becomes part of a path that is opened, so it must stay below the cgroup root.
    private static string Parent(string? asked) =>
        asked is null
        || asked.Length > EngineLimits.NameLength
        || asked.Split('/').Contains("..")
        || asked.Contains('\0', StringComparison.Ordinal)
            ? ""
            : asked;

    /// <summary>
    /// The path of a container's cgroup below the root. It is also the <c>id</c> label of cAdvisor's metrics. The driver cgroupfs creates
    /// folders; the driver systemd creates units, whose path has every ancestor slice.
    /// </summary>
    public string CgroupPath(string id, string driver)
    {
        if (driver != "systemd")
        {
            return $"/{(CgroupParent.Length > 0 ? CgroupParent.Trim('/') : "docker")}/{id}";
        }

        const string suffix = ".slice";
        var parent = CgroupParent.EndsWith(suffix, StringComparison.Ordinal) ? CgroupParent : "system" + suffix;
        var parts = parent[..^suffix.Length].Split('-', StringSplitOptions.RemoveEmptyEntries);
        var slices = Enumerable.Range(1, parts.Length).Select(count => string.Join('-', parts[..count]) + suffix);
        return $"/{string.Join('/', slices)}/docker-{id}.scope";
    }
}
