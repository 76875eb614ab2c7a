using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>
/// A container's cgroups of version 1, one in the folder of each controller (Documentation/admin-guide/cgroup-v1 of the kernel).
/// </summary>
internal sealed class CgroupV1 : ContainerCgroup
{
    /// <summary>
    /// Which family counts depends on the disk's scheduler: CFQ (up to Linux 4), the throttling limit, or BFQ. The other families are
    /// empty.
    /// </summary>
    private static readonly string[] DiskFamilies = ["blkio.io", "blkio.throttle.io", "blkio.bfq.io"];

    private readonly List<IDisposable> _open = [];
    private readonly KernelFile<ulong> _usage;
    private readonly KernelFile<CpuCounters> _times;
    private readonly KernelFile<CpuCounters>? _limit;
    private readonly KernelFile<ulong> _memory;
    private readonly KernelFile<ulong> _mostMemory;
    private readonly KernelFile<ulong> _failures;
    private readonly KernelFile<MemoryCounters> _parts;
    private readonly KernelFile<ulong>? _pids;
    private readonly List<(KernelFile<ImmutableArray<BlockCounter>> Bytes, KernelFile<ImmutableArray<BlockCounter>> Operations)> _disks =
    [];
    private BlockCounters _lastBlocks = BlockCounters.None;

    /// <param name="folderOf">The container's folder for each controller; null where the kernel lacks the controller.</param>
    /// <exception cref="IOException">A file is missing.</exception>
    /// <exception cref="UnauthorizedAccessException">The Collector may not read a file.</exception>
    public CgroupV1(Func<string, string?> folderOf)
    {
        try
        {
            var (account, memory) = (folderOf("cpuacct")!, folderOf("memory")!);
            _usage = Keep(KernelFile<ulong>.Open(Path.Combine(account, "cpuacct.usage"), KernelText.Number));
            _times = Keep(KernelFile<CpuCounters>.Open(Path.Combine(account, "cpuacct.stat"), CpuCounters.Parse));
            _limit = Keep(KernelFile<CpuCounters>.OpenIfThere(Path.Combine(folderOf("cpu")!, "cpu.stat"), CpuCounters.Parse));
            _memory = Keep(KernelFile<ulong>.Open(Path.Combine(memory, "memory.usage_in_bytes"), KernelText.Number));
            _mostMemory = Keep(KernelFile<ulong>.Open(Path.Combine(memory, "memory.max_usage_in_bytes"), KernelText.Number));
            _failures = Keep(KernelFile<ulong>.Open(Path.Combine(memory, "memory.failcnt"), KernelText.Number));
            _parts = Keep(KernelFile<MemoryCounters>.Open(Path.Combine(memory, "memory.stat"), MemoryCounters.ParseFirst));
            _pids = folderOf("pids") is { } pids
                ? Keep(KernelFile<ulong>.Open(Path.Combine(pids, "pids.current"), KernelText.Number))
                : null;
            OpenDisks(folderOf("blkio"));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override int Files => _open.Count;

    public override void Dispose() => _open.ForEach(file => file.Dispose());

    protected override CpuCounters ReadCpu(ReadBuffer buffer)
    {
        var (times, limit) = (_times.Read(buffer), _limit?.Read(buffer) ?? default);
        return limit with { Total = _usage.Read(buffer), User = times.User, Kernel = times.Kernel };
    }

    protected override MemoryDetail ReadMemory(ReadBuffer buffer)
    {
        var parts = _parts.Read(buffer);
        return MemoryOf(_memory.Read(buffer), parts, _mostMemory.Read(buffer), _failures.Read(buffer), parts.Swap);
    }

    protected override BlockCounters ReadBlocks(ReadBuffer buffer)
    {
        foreach (var (bytes, operations) in _disks)
        {
            if (bytes.Read(buffer) is { IsEmpty: false } counted)
            {
                var count = operations.Read(buffer);
                return _lastBlocks =
                    _lastBlocks.Bytes == counted && _lastBlocks.Operations == count ? _lastBlocks : new BlockCounters(counted, count);
            }
        }

        return BlockCounters.None;
    }

    protected override ulong ReadPids(ReadBuffer buffer) => _pids?.Read(buffer) ?? 0;

    private void OpenDisks(string? folder)
    {
        foreach (var family in folder is null ? [] : DiskFamilies)
        {
            // The recursive file includes cgroups that an engine inside the container created.
            var (bytes, operations) = (Path.Combine(folder!, family + "_service_bytes"), Path.Combine(folder!, family + "_serviced"));
            var suffix = File.Exists(bytes + "_recursive") ? "_recursive" : "";
            if (File.Exists(bytes + suffix) && File.Exists(operations + suffix))
            {
                _disks.Add(
                    (
                        Keep(KernelFile<ImmutableArray<BlockCounter>>.Open(bytes + suffix, BlockFiles.ParseFirst)),
                        Keep(KernelFile<ImmutableArray<BlockCounter>>.Open(operations + suffix, BlockFiles.ParseFirst))
                    )
                );
            }
        }
    }

    [return: NotNullIfNotNull(nameof(file))]
    private KernelFile<T>? Keep<T>(KernelFile<T>? file)
    {
        if (file is not null)
        {
            _open.Add(file);
        }

        return file;
    }
}
