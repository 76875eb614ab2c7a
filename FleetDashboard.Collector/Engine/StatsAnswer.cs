using System.Text.Json.Serialization;

namespace FleetDashboard.Collector.Engine;

/// <summary>The few fields of the engine's stats answer that are used; the client library's model would read all of them, for twice the memory.</summary>
internal sealed class StatsAnswer
{
    [JsonPropertyName("read")]
    public DateTimeOffset Read { get; set; }

    [JsonPropertyName("cpu_stats")]
    public CpuStats? Cpu { get; set; }

    [JsonPropertyName("memory_stats")]
    public MemoryStats? Memory { get; set; }

    [JsonPropertyName("networks")]
    public Dictionary<string, InterfaceStats>? Networks { get; set; }

    [JsonPropertyName("blkio_stats")]
    public BlockStats? Block { get; set; }

    [JsonPropertyName("pids_stats")]
    public PidsStats? Pids { get; set; }

    /// <summary>The reading, or null where the engine had none: it then answers with the zero year.</summary>
    public RawFigures? ToFigures()
    {
        if (Read.Year <= 1 || Cpu?.Usage is null)
        {
            return null;
        }

        return new RawFigures
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
            Pids = Pids?.Current is > 0 and var pids ? pids : null,
        };
    }

    private ulong? Sum(Func<InterfaceStats, ulong> counter) =>
        Networks is null ? null : Networks.Values.Aggregate(0UL, (sum, one) => sum + counter(one));
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
}

internal sealed class Throttling
{
    [JsonPropertyName("periods")]
    public ulong Periods { get; set; }

    [JsonPropertyName("throttled_periods")]
    public ulong ThrottledPeriods { get; set; }
}

internal sealed class MemoryStats
{
    [JsonPropertyName("usage")]
    public long? Usage { get; set; }

    [JsonPropertyName("stats")]
    public Dictionary<string, long>? Stats { get; set; }

    /// <summary>
    /// As <c>docker stats</c> counts: usage without the page cache that can be reclaimed at once. Version 1 of the cgroups calls it
    /// total_inactive_file, version 2 inactive_file; it is only subtracted where it is smaller than the whole.
    /// </summary>
    public long? Used()
    {
        if (Usage is not { } usage)
        {
            return null;
        }

        long cache = 0;
        _ = Stats?.TryGetValue("total_inactive_file", out cache) == true || Stats?.TryGetValue("inactive_file", out cache) == true;
        return cache < usage ? usage - cache : usage;
    }
}

internal sealed class InterfaceStats
{
    [JsonPropertyName("rx_bytes")]
    public ulong Received { get; set; }

    [JsonPropertyName("tx_bytes")]
    public ulong Sent { get; set; }
}

internal sealed class BlockStats
{
    [JsonPropertyName("io_service_bytes_recursive")]
    public List<BlockEntry>? Bytes { get; set; }

    /// <summary>Sums one direction; the engine writes Read on cgroup version 1 and read on version 2.</summary>
    public ulong Sum(char direction) => Bytes?
        .Where(entry => entry.Operation is { Length: > 0 } name && char.ToLowerInvariant(name[0]) == direction)
        .Aggregate(0UL, (sum, entry) => sum + entry.Value) ?? 0;
}

internal sealed class BlockEntry
{
    [JsonPropertyName("op")]
    public string? Operation { get; set; }

    [JsonPropertyName("value")]
    public ulong Value { get; set; }
}

internal sealed class PidsStats
{
    [JsonPropertyName("current")]
    public long? Current { get; set; }
}

[JsonSerializable(typeof(StatsAnswer))]
internal sealed partial class StatsJson : JsonSerializerContext;
