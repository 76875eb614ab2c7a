namespace FleetDashboard.Collector.Engine;

/// <summary>
/// One reading of a container's counters, from cgroup files or from the engine. Counters grow from the container's start. A rate needs two
/// readings.
/// </summary>
internal sealed record RawStats
{
    /// <summary>When the counters were read (UTC).</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>When it was received, by our monotonic clock (time since its zero).</summary>
    public TimeSpan? ReceivedAt { get; init; }

    /// <summary>CPU time used, in nanoseconds.</summary>
    public required ulong CpuNanoseconds { get; init; }

    /// <summary>CPU periods, and throttled CPU periods; both 0 without a CPU limit.</summary>
    public ulong CpuPeriods { get; init; }

    /// <inheritdoc cref="CpuPeriods"/>
    public ulong ThrottledPeriods { get; init; }

    /// <summary>Memory in use without reclaimable page cache, in bytes; null where the kernel does not count it.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Bytes received and sent on all interfaces; null where it has no network of its own.</summary>
    public ulong? ReceivedBytes { get; init; }

    /// <inheritdoc cref="ReceivedBytes"/>
    public ulong? SentBytes { get; init; }

    /// <summary>
    /// When the network counters were read (UTC); null where they were read together with the rest.
    /// </summary>
    public DateTimeOffset? NetworkReadAt { get; init; }

    /// <summary>Bytes read from and written to block devices.</summary>
    public ulong BlockReadBytes { get; init; }

    /// <inheritdoc cref="BlockReadBytes"/>
    public ulong BlockWrittenBytes { get; init; }

    /// <summary>Processes and threads; null where the kernel does not count them.</summary>
    public long? Pids { get; init; }

    /// <summary>Counters that only scrapes need; null where the source has none.</summary>
    public CounterDetail? Detail { get; init; }
}
