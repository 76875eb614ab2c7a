using System.Diagnostics.CodeAnalysis;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>
/// A container's cgroup of version 2 (Documentation/admin-guide/cgroup-v2.rst of the kernel). It has more than the engine's answer: peak
/// memory, hits of the memory limit, swap and the number of disk operations.
/// </summary>
internal sealed class CgroupV2 : ContainerCgroup
{
    private readonly List<IDisposable> _open = [];
    private readonly KernelFile<CpuCounters> _cpu;
    private readonly KernelFile<ulong> _memory;
    private readonly KernelFile<MemoryCounters> _parts;
    private readonly KernelFile<ulong>? _mostMemory;
    private readonly KernelFile<ulong>? _swap;
    private readonly KernelFile<ulong?>? _events;
    private readonly KernelFile<BlockCounters>? _disks;
    private readonly KernelFile<ulong>? _pids;

    /// <exception cref="IOException">A file is missing.</exception>
    /// <exception cref="UnauthorizedAccessException">The Collector may not read a file.</exception>
    public CgroupV2(string folder)
    {
        try
        {
            _cpu = Keep(KernelFile<CpuCounters>.Open(Path.Combine(folder, "cpu.stat"), CpuCounters.ParseSecond));
            _memory = Keep(KernelFile<ulong>.Open(Path.Combine(folder, "memory.current"), KernelText.Number));
            _parts = Keep(KernelFile<MemoryCounters>.Open(Path.Combine(folder, "memory.stat"), MemoryCounters.ParseSecond));
            _mostMemory = Keep(KernelFile<ulong>.OpenIfThere(Path.Combine(folder, "memory.peak"), KernelText.Number)); // Linux 5.19
            _swap = Keep(KernelFile<ulong>.OpenIfThere(Path.Combine(folder, "memory.swap.current"), KernelText.Number));
            _events = Keep(KernelFile<ulong?>.OpenIfThere(Path.Combine(folder, "memory.events"), LimitHits));
            _disks = Keep(KernelFile<BlockCounters>.OpenIfThere(Path.Combine(folder, "io.stat"), BlockFiles.ParseSecond));
            _pids = Keep(KernelFile<ulong>.OpenIfThere(Path.Combine(folder, "pids.current"), KernelText.Number));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override int Files => _open.Count;

    public override void Dispose() => _open.ForEach(file => file.Dispose());

    protected override CpuCounters ReadCpu(ReadBuffer buffer) => _cpu.Read(buffer);

    protected override MemoryDetail ReadMemory(ReadBuffer buffer) =>
        MemoryOf(_memory.Read(buffer), _parts.Read(buffer), _mostMemory?.Read(buffer), _events?.Read(buffer), (long?)_swap?.Read(buffer));

    protected override BlockCounters ReadBlocks(ReadBuffer buffer) => _disks?.Read(buffer) ?? BlockCounters.None;

    protected override ulong ReadPids(ReadBuffer buffer) => _pids?.Read(buffer) ?? 0;

    /// <summary>The line <c>max</c> of memory.events: how often memory usage reached the limit.</summary>
    private static ulong? LimitHits(ReadOnlySpan<byte> text)
    {
        while (KernelText.NextLine(ref text, out var line))
        {
            if (line.StartsWith("max "u8))
            {
                return KernelText.Number(line["max ".Length..]);
            }
        }

        return null;
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
