using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Sampling;

/// <summary>The stats of one container: levels from its last reading, rates from the last two.</summary>
internal sealed record Stats
{
    public required DateTimeOffset SampledAt { get; init; }

    /// <summary>CPU in cores; null after the first reading, or after a counter reset.</summary>
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

    /// <summary>When the network counters were read; null where they were read with the rest.</summary>
    public DateTimeOffset? NetworkSampledAt { get; init; }

    /// <summary>
    /// Converts the reading <paramref name="now"/>, with rates where <paramref name="before"/> is an earlier reading of the same run.
    /// </summary>
    /// <param name="before">The reading before; null for the first.</param>
    /// <param name="now">The reading.</param>
    /// <param name="last">The stats of <paramref name="before"/>. Their network rates stay until the network is read again.</param>
    /// <param name="hostCpus">CPUs of the host: no container uses more. 0 where the engine does not say.</param>
    public static Stats From(RawStats? before, RawStats now, Stats? last = null, int hostCpus = 0)
    {
        var stats = new Stats
        {
            SampledAt = now.ReadAt,
            MemoryBytes = now.MemoryBytes,
            Pids = now.Pids,
            NetworkSampledAt = now.NetworkReadAt is { } at && at != now.ReadAt ? at : null,
        };
        var seconds = before is null ? 0 : Seconds(before, now);

        // A restart resets the counters: no rate then, rather than a negative one or a spike.
        if (before is null || seconds <= 0 || now.CpuNanoseconds < before.CpuNanoseconds)
        {
            return stats;
        }

        var (receive, send) = Network(before, now, last);
        return stats with
        {
            CpuCores = Cores((now.CpuNanoseconds - before.CpuNanoseconds) / 1e9 / seconds, hostCpus),
            CpuThrottled =
                now.CpuPeriods > before.CpuPeriods && now.ThrottledPeriods >= before.ThrottledPeriods
                    ? Math.Min(1, (double)(now.ThrottledPeriods - before.ThrottledPeriods) / (now.CpuPeriods - before.CpuPeriods))
                : now.CpuPeriods > 0 ? 0
                : null,
            ReceiveRate = receive,
            SendRate = send,
            BlockReadRate = Rate(before.BlockReadBytes, now.BlockReadBytes, seconds),
            BlockWriteRate = Rate(before.BlockWrittenBytes, now.BlockWrittenBytes, seconds),
        };
    }

    // The timestamps are exact, unless the engine's clock was set between two readings. Then our own monotonic clock counts.
    private static double Seconds(RawStats before, RawStats now)
    {
        const double tolerance = 0.25,
            atLeast = 0.5;
        var stamped = (now.ReadAt - before.ReadAt).TotalSeconds;
        if ((now.ReceivedAt - before.ReceivedAt)?.TotalSeconds is not { } ours)
        {
            return stamped;
        }

        return Math.Abs(stamped - ours) <= Math.Max(atLeast, ours * tolerance) ? stamped : ours;
    }

    // A short interval may exceed the host's CPUs a little. A larger value is a jump of a clock or a counter, and is dropped.
    private static double? Cores(double cores, int hostCpus)
    {
        const double slack = 1.1;
        var most = hostCpus > 0 ? hostCpus : EngineLimits.Cpus;
        return cores <= most ? cores
            : cores <= most * slack ? most
            : null;
    }

    // Network rates use their own interval. Bytes of 30 seconds over 5 seconds would be a sixfold spike.
    private static (double? Receive, double? Send) Network(RawStats before, RawStats now, Stats? last)
    {
        var seconds =
            now.NetworkReadAt is null && before.NetworkReadAt is null
                ? Seconds(before, now)
                : ((now.NetworkReadAt ?? now.ReadAt) - (before.NetworkReadAt ?? before.ReadAt)).TotalSeconds;
        return now.ReceivedBytes is null ? (null, null)
            : seconds > 0 ? (Rate(before.ReceivedBytes, now.ReceivedBytes, seconds), Rate(before.SentBytes, now.SentBytes, seconds))
            : (last?.ReceiveRate, last?.SendRate);
    }

    // No machine transfers more. A larger value is a counter that jumped.
    private static double? Rate(ulong? from, ulong? to, double seconds)
    {
        const double most = 1e12;
        return to >= from && (to - from) / seconds is var rate && rate <= most ? rate : null;
    }
}
