using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>The network counters of a container. They have a time of their own, because they may come from another source.</summary>
internal sealed record NetworkReading(DateTimeOffset At, ImmutableArray<InterfaceCounters> Interfaces);

/// <summary>The open cgroup files of one container. Computes the same counters as the engine.</summary>
internal abstract class ContainerCgroup : IDisposable
{
    private RawStats? _last;
    private BlockCounters _blocks = BlockCounters.None;
    private MemoryDetail? _memory;
    private MemoryCounters? _parts;
    private (ulong Usage, ulong? Most, ulong? Failures, long? Swap) _amounts;

    /// <summary>Reads all files. A part that did not change is the same object as last time.</summary>
    /// <exception cref="IOException">The cgroup is gone.</exception>
    /// <exception cref="InvalidDataException">A file has an unknown format.</exception>
    public RawStats Read(ReadBuffer buffer, DateTimeOffset at, TimeSpan receivedAt, NetworkReading? network)
    {
        var (cpu, memory, blocks, pids) = (ReadCpu(buffer), ReadMemory(buffer), ReadBlocks(buffer), ReadPids(buffer));
        var interfaces = network?.Interfaces ?? [];
        var before = _last?.Detail;
        var same =
            before is not null
            && ReferenceEquals(before.Memory, memory)
            && ReferenceEquals(blocks, _blocks)
            && before.Interfaces == interfaces
            && (before.UserNanoseconds, before.KernelNanoseconds, before.ThrottledNanoseconds) == (cpu.User, cpu.Kernel, cpu.Throttled);
        _blocks = blocks;
        return _last = new RawStats
        {
            ReadAt = at,
            ReceivedAt = receivedAt,
            CpuNanoseconds = cpu.Total,
            CpuPeriods = cpu.Periods,
            ThrottledPeriods = cpu.ThrottledPeriods,
            MemoryBytes = memory.WorkingSet,
            ReceivedBytes = network is null ? null : Sum(interfaces, static one => one.Received.Bytes),
            SentBytes = network is null ? null : Sum(interfaces, static one => one.Sent.Bytes),
            NetworkReadAt = network?.At,
            BlockReadBytes = Sum(blocks.Bytes, static one => one.IsRead ? one.Value : 0),
            BlockWrittenBytes = Sum(blocks.Bytes, static one => one.IsWrite ? one.Value : 0),
            Pids = pids > 0 ? (long)pids : null,
            Detail = same
                ? before
                : new CounterDetail
                {
                    UserNanoseconds = cpu.User,
                    KernelNanoseconds = cpu.Kernel,
                    ThrottledNanoseconds = cpu.Throttled,
                    Memory = memory,
                    Interfaces = interfaces,
                    BlockBytes = blocks.Bytes,
                    BlockOperations = blocks.Operations,
                },
        };
    }

    /// <summary>The number of open files.</summary>
    public abstract int Files { get; }

    public abstract void Dispose();

    protected abstract CpuCounters ReadCpu(ReadBuffer buffer);

    protected abstract MemoryDetail ReadMemory(ReadBuffer buffer);

    protected abstract BlockCounters ReadBlocks(ReadBuffer buffer);

    protected abstract ulong ReadPids(ReadBuffer buffer);

    /// <summary>
    /// The memory detail; the same object while nothing changed. Counted as <c>docker stats</c> does: without the page cache that can be
    /// reclaimed at once.
    /// </summary>
    protected MemoryDetail MemoryOf(ulong usage, MemoryCounters parts, ulong? most, ulong? failures, long? swap)
    {
        if (_memory is not null && ReferenceEquals(_parts, parts) && _amounts == (usage, most, failures, swap))
        {
            return _memory;
        }

        (_parts, _amounts) = (parts, (usage, most, failures, swap));
        var used = (long)usage;
        return _memory = new MemoryDetail(used, parts.InactiveFile is { } cache && cache < used ? used - cache : used)
        {
            MaxUsage = (long?)most,
            Failures = (long?)failures,
            Cache = parts.Cache,
            Rss = parts.Rss,
            Swap = swap,
            MappedFile = parts.MappedFile,
            ActiveFile = parts.ActiveFile,
            InactiveFile = parts.InactiveFile,
            Faults = parts.Faults,
            FaultsBelow = parts.FaultsBelow,
            MajorFaults = parts.MajorFaults,
            MajorFaultsBelow = parts.MajorFaultsBelow,
        };
    }

    private static ulong Sum<T>(ImmutableArray<T> items, Func<T, ulong> value)
    {
        var sum = 0UL;
        foreach (var item in items)
        {
            sum += value(item);
        }

        return sum;
    }
}
