namespace FleetDashboard.Collector.Engine;

/// <summary>
/// One reading of a container's counters, whatever source it came from. Counters grow from the container's start; rates are made of
/// two readings.
/// </summary>
internal sealed record RawStats
{
    /// <summary>When the counters were read (UTC).</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>When the answer arrived, by our own monotonic clock (time since its zero); null where that is not known.</summary>
    public TimeSpan? ReceivedAt { get; init; }

    /// <summary>CPU time used, in nanoseconds.</summary>
    public required ulong CpuNanoseconds { get; init; }

    /// <summary>CPU periods that passed, and those in which it was throttled; both 0 without a limit.</summary>
    public ulong CpuPeriods { get; init; }

    /// <inheritdoc cref="CpuPeriods"/>
    public ulong ThrottledPeriods { get; init; }

    /// <summary>Memory in use without reclaimable page cache, in bytes; null where the kernel does not account for it.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Bytes received and sent over all interfaces; null where it has no network of its own.</summary>
    public ulong? ReceivedBytes { get; init; }

    /// <inheritdoc cref="ReceivedBytes"/>
    public ulong? SentBytes { get; init; }

    /// <summary>
    /// When the network's counters were read (UTC), where that was another time than <see cref="ReadAt"/> or source; null where it was not.
    /// </summary>
    public DateTimeOffset? NetworkReadAt { get; init; }

    /// <summary>Bytes read from and written to block devices.</summary>
    public ulong BlockReadBytes { get; init; }

    /// <inheritdoc cref="BlockReadBytes"/>
    public ulong BlockWrittenBytes { get; init; }

    /// <summary>Processes and threads; null where the kernel does not count them.</summary>
    public long? Pids { get; init; }

    /// <summary>What the page has no use for and a scrape has; null where the source does not tell.</summary>
    public CounterDetail? Detail { get; init; }
}
