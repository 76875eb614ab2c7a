using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace FleetDashboard.Collector.Engine;

/// <summary>
/// The fields of the engine's stats answer that are used. The client library's model has all fields and takes twice the memory.
/// </summary>
internal sealed class StatsResponse
{
    [JsonPropertyName("read")]
    public DateTimeOffset Read { get; set; }

    [JsonPropertyName("cpu_stats")]
    public CpuStats? Cpu { get; set; }

    [JsonPropertyName("memory_stats")]
    public MemoryStats? Memory { get; set; }

    [JsonPropertyName("networks")]
    public Dictionary<string, InterfaceStats?>? Networks { get; set; }

    [JsonPropertyName("blkio_stats")]
    public BlockStats? Block { get; set; }

    [JsonPropertyName("pids_stats")]
    public PidsStats? Pids { get; set; }

    /// <summary>The counters; null where the engine had none: it then answers with the zero year.</summary>
    public RawStats? ToStats()
    {
        if (!EngineLimits.IsTime(Read) || Cpu?.Usage is null)
        {
            return null;
        }

        return new RawStats
        {
            ReadAt = Read.ToUniversalTime(),
            CpuNanoseconds = Cpu.Usage.Total,
            CpuPeriods = Cpu.Throttling?.Periods ?? 0,
            ThrottledPeriods = Cpu.Throttling?.ThrottledPeriods ?? 0,
            MemoryBytes = Memory?.Used(),
            ReceivedBytes = Sum(static one => one.Received),
            SentBytes = Sum(static one => one.Sent),
            BlockReadBytes = Block?.Sum('r') ?? 0,
            BlockWrittenBytes = Block?.Sum('w') ?? 0,
            Pids = Pids?.Current is > 0 and < uint.MaxValue and var pids ? pids : null,
            Detail = new CounterDetail
            {
                UserNanoseconds = Cpu.Usage.User,
                KernelNanoseconds = Cpu.Usage.Kernel,
                ThrottledNanoseconds = Cpu.Throttling?.ThrottledTime ?? 0,
                Memory = Memory?.ToDetail(),
                Interfaces =
                [
                    .. Interfaces()
                        .Select(static one => one.Counters.ToCounters(one.Name))
                        .OrderBy(static one => one.Name, StringComparer.Ordinal),
                ],
                BlockBytes = BlockEntry.Counters(Block?.Bytes),
                BlockOperations = BlockEntry.Counters(Block?.Operations),
            },
        };
    }

    private ulong? Sum(Func<InterfaceStats, ulong> counter) =>
        Networks is null ? null : Interfaces().Aggregate(0UL, (sum, one) => sum + counter(one.Counters));

    private IEnumerable<(string Name, InterfaceStats Counters)> Interfaces()
    {
        foreach (var (name, counters) in (Networks ?? []).Take(EngineLimits.Attachments))
        {
            if (counters is not null)
            {
                yield return (EngineLimits.Cut(name), counters);
            }
        }
    }
}

internal sealed class CpuStats
{
    [JsonPropertyName("cpu_usage")]
    public CpuUsage? Usage { get; set; }

    [JsonPropertyName("throttling_data")]
    public Throttling? Throttling { get; set; }
}

internal sealed class CpuUsage
{
    [JsonPropertyName("total_usage")]
    public ulong Total { get; set; }

    [JsonPropertyName("usage_in_usermode")]
    public ulong User { get; set; }

    [JsonPropertyName("usage_in_kernelmode")]
    public ulong Kernel { get; set; }
}

internal sealed class Throttling
{
    [JsonPropertyName("periods")]
    public ulong Periods { get; set; }

    [JsonPropertyName("throttled_periods")]
    public ulong ThrottledPeriods { get; set; }

    [JsonPropertyName("throttled_time")]
    public ulong ThrottledTime { get; set; }
}

internal sealed class MemoryStats
{
    [JsonPropertyName("usage")]
    public long? Usage { get; set; }

    [JsonPropertyName("max_usage")]
    public long MaxUsage { get; set; }

    [JsonPropertyName("failcnt")]
    public long Failures { get; set; }

    [JsonPropertyName("stats")]
    public Dictionary<string, long>? Stats { get; set; }

    /// <summary>
    /// Usage without the page cache that can be reclaimed at once, as <c>docker stats</c> counts. Null for 0 and for absurd values: engines
    /// send an empty reading now and then. The page cache is total_inactive_file with cgroup version 1, and inactive_file with version 2;
    /// it is subtracted only where it is smaller than the usage.
    /// </summary>
    public long? Used()
    {
        if (EngineLimits.Size(Usage) is not { } usage || usage == 0)
        {
            return null;
        }

        var cache = Stat("total_inactive_file") ?? Stat("inactive_file") ?? 0;
        return cache >= 0 && cache < usage ? usage - cache : usage;
    }

    /// <summary>
    /// The parts as cAdvisor names them. Cgroup version 1 has totals that include child cgroups; in version 2 the page cache is "file" and
    /// the rest "anon".
    /// </summary>
    public MemoryDetail? ToDetail()
    {
        if (Usage is not { } usage || Used() is not { } used)
        {
            return null;
        }

        // Only version 1 has totals. It omits a maximum or a failure count of 0; version 2 has neither.
        var first = Stat("total_rss") is not null;
        return new MemoryDetail(usage, used)
        {
            MaxUsage = first ? MaxUsage : null,
            Failures = first ? Failures : null,
            Cache = Stat("total_cache") ?? Stat("file"),
            Rss = Stat("total_rss") ?? Stat("anon"),
            Swap = Stat("total_swap"),
            MappedFile = Stat("total_mapped_file") ?? Stat("file_mapped"),
            ActiveFile = Stat("total_active_file") ?? Stat("active_file"),
            InactiveFile = Stat("total_inactive_file") ?? Stat("inactive_file"),
            Faults = Stat("pgfault"),
            FaultsBelow = Stat("total_pgfault") ?? Stat("pgfault"),
            MajorFaults = Stat("pgmajfault"),
            MajorFaultsBelow = Stat("total_pgmajfault") ?? Stat("pgmajfault"),
        };
    }

    private long? Stat(string name) => Stats?.TryGetValue(name, out var value) == true ? value : null;
}

internal sealed class InterfaceStats
{
    [JsonPropertyName("rx_bytes")]
    public ulong Received { get; set; }

    [JsonPropertyName("tx_bytes")]
    public ulong Sent { get; set; }

    [JsonPropertyName("rx_packets")]
    public ulong PacketsReceived { get; set; }

    [JsonPropertyName("tx_packets")]
    public ulong PacketsSent { get; set; }

    [JsonPropertyName("rx_errors")]
    public ulong ErrorsReceiving { get; set; }

    [JsonPropertyName("tx_errors")]
    public ulong ErrorsSending { get; set; }

    [JsonPropertyName("rx_dropped")]
    public ulong DroppedReceiving { get; set; }

    [JsonPropertyName("tx_dropped")]
    public ulong DroppedSending { get; set; }

    public InterfaceCounters ToCounters(string name) =>
        new(
            name,
            new Traffic(Received, PacketsReceived, ErrorsReceiving, DroppedReceiving),
            new Traffic(Sent, PacketsSent, ErrorsSending, DroppedSending)
        );
}

internal sealed class BlockStats
{
    [JsonPropertyName("io_service_bytes_recursive")]
    public List<BlockEntry?>? Bytes { get; set; }

    [JsonPropertyName("io_serviced_recursive")]
    public List<BlockEntry?>? Operations { get; set; }

    /// <summary>Sums one direction. The engine writes Read with cgroup version 1, and read with version 2.</summary>
    public ulong Sum(char direction) =>
        Bytes
            ?.OfType<BlockEntry>()
            .Where(entry => entry.Operation is { Length: > 0 } name && char.ToLowerInvariant(name[0]) == direction)
            .Aggregate(0UL, (sum, entry) => sum + entry.Value)
        ?? 0;
}

internal sealed class BlockEntry
{
    [JsonPropertyName("major")]
    public ulong Major { get; set; }

    [JsonPropertyName("minor")]
    public ulong Minor { get; set; }

    [JsonPropertyName("op")]
    public string? Operation { get; set; }

    [JsonPropertyName("value")]
    public ulong Value { get; set; }

    /// <summary>One counter per device and operation: cgroup version 1 may list one twice.</summary>
    public static ImmutableArray<BlockCounter> Counters(List<BlockEntry?>? entries) =>
        entries is not { Count: > 0 }
            ? []
            :
            [
                .. entries
                    .Take(EngineLimits.Devices)
                    .OfType<BlockEntry>()
                    .Where(static entry => entry.Operation is { Length: > 0 and < 64 })
                    .GroupBy(static entry => (entry.Major, entry.Minor, Operation: entry.Operation!))
                    .Select(static group => new BlockCounter(
                        group.Key.Major,
                        group.Key.Minor,
                        group.Key.Operation,
                        group.Aggregate(0UL, static (sum, entry) => sum + entry.Value)
                    )),
            ];
}

internal sealed class PidsStats
{
    [JsonPropertyName("current")]
    public long? Current { get; set; }
}

[JsonSerializable(typeof(StatsResponse))]
internal sealed partial class StatsResponseJson : JsonSerializerContext;
