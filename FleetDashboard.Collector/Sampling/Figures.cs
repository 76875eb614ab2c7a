using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Sampling;

/// <summary>What two readings say together: levels from the later one, rates from the difference.</summary>
internal sealed record Figures
{
    public required DateTimeOffset SampledAt { get; init; }

    /// <summary>CPU in cores; null after the first reading, or where the counter went backwards.</summary>
    public double? CpuCores { get; init; }

    /// <summary>Share of the CPU periods that were throttled, 0 to 1; null without a limit.</summary>
    public double? CpuThrottled { get; init; }

    public long? MemoryBytes { get; init; }

    /// <summary>Bytes a second.</summary>
    public double? ReceiveRate { get; init; }

    /// <inheritdoc cref="ReceiveRate"/>
    public double? SendRate { get; init; }

    /// <inheritdoc cref="ReceiveRate"/>
    public double? BlockReadRate { get; init; }

    /// <inheritdoc cref="ReceiveRate"/>
    public double? BlockWriteRate { get; init; }

    public long? Pids { get; init; }

    /// <summary>Makes the figures of <paramref name="now"/>, with rates where <paramref name="before"/> is an earlier reading of the same run.</summary>
    public static Figures From(RawFigures? before, RawFigures now)
    {
        var figures = new Figures { SampledAt = now.ReadAt, MemoryBytes = now.MemoryBytes, Pids = now.Pids };
        var seconds = before is null ? 0 : (now.ReadAt - before.ReadAt).TotalSeconds;

        // A restart begins the counters anew: no rate then, rather than a negative one or a spike.
        if (before is null || seconds <= 0 || now.CpuNanoseconds < before.CpuNanoseconds)
        {
            return figures;
        }

        return figures with
        {
            CpuCores = (now.CpuNanoseconds - before.CpuNanoseconds) / 1e9 / seconds,
            CpuThrottled = now.CpuPeriods > before.CpuPeriods && now.ThrottledPeriods >= before.ThrottledPeriods
                ? Math.Min(1, (double)(now.ThrottledPeriods - before.ThrottledPeriods) / (now.CpuPeriods - before.CpuPeriods))
                : now.CpuPeriods > 0 ? 0 : null,
            ReceiveRate = Rate(before.ReceivedBytes, now.ReceivedBytes),
            SendRate = Rate(before.SentBytes, now.SentBytes),
            BlockReadRate = Rate(before.BlockReadBytes, now.BlockReadBytes),
            BlockWriteRate = Rate(before.BlockWrittenBytes, now.BlockWrittenBytes),
        };

        double? Rate(ulong? from, ulong? to) => to >= from ? (to - from) / seconds : null;
    }
}
