using System.Collections.Immutable;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// The counters of one reading that only scrapes need, for existing alert rules and dashboards. Missing counters are null or not listed.
/// </summary>
internal sealed record CounterDetail
{
    /// <summary>CPU time in nanoseconds: in user mode, in kernel mode, and held back by the limit.</summary>
    public ulong UserNanoseconds { get; init; }

    /// <inheritdoc cref="UserNanoseconds"/>
    public ulong KernelNanoseconds { get; init; }

    /// <inheritdoc cref="UserNanoseconds"/>
    public ulong ThrottledNanoseconds { get; init; }

    public MemoryDetail? Memory { get; init; }
    public ImmutableArray<InterfaceCounters> Interfaces { get; init; } = [];

    /// <summary>Bytes by device and operation, and the number of operations.</summary>
    public ImmutableArray<BlockCounter> BlockBytes { get; init; } = [];

    /// <inheritdoc cref="BlockBytes"/>
    public ImmutableArray<BlockCounter> BlockOperations { get; init; } = [];
}

/// <summary>
/// Memory in bytes, or counts of events. With cgroup version 2 the engine's answer lacks the maximum, the failures and swap.
/// </summary>
/// <param name="Usage">All charged memory, page cache included.</param>
/// <param name="WorkingSet">Usage without inactive page cache.</param>
internal sealed record MemoryDetail(long Usage, long WorkingSet)
{
    public long? MaxUsage { get; init; }

    /// <summary>How often memory usage reached the limit.</summary>
    public long? Failures { get; init; }

    public long? Cache { get; init; }
    public long? Rss { get; init; }
    public long? Swap { get; init; }
    public long? MappedFile { get; init; }
    public long? ActiveFile { get; init; }
    public long? InactiveFile { get; init; }

    /// <summary>Page faults of its own cgroup, and including the cgroups below.</summary>
    public long? Faults { get; init; }

    /// <inheritdoc cref="Faults"/>
    public long? FaultsBelow { get; init; }

    /// <summary>Page faults that waited for a disk.</summary>
    public long? MajorFaults { get; init; }

    /// <inheritdoc cref="MajorFaults"/>
    public long? MajorFaultsBelow { get; init; }
}

/// <summary>One direction of an interface.</summary>
internal readonly record struct Traffic(ulong Bytes, ulong Packets, ulong Errors, ulong Dropped);

/// <summary>A network interface, by its name inside the container.</summary>
internal sealed record InterfaceCounters(string Name, Traffic Received, Traffic Sent);

/// <summary>One operation (Read, Write, Sync, Async, Discard, Total) on one device, in the engine's own spelling.</summary>
internal readonly record struct BlockCounter(ulong Major, ulong Minor, string Operation, ulong Value)
{
    public bool IsRead => Operation.Equals("read", StringComparison.OrdinalIgnoreCase);
    public bool IsWrite => Operation.Equals("write", StringComparison.OrdinalIgnoreCase);
}
