using FleetDashboard.Collector.Engine;
using static FleetDashboard.Collector.Metrics.Cadvisor.CadvisorMetric;
using static FleetDashboard.Collector.Metrics.Cadvisor.MetricKind;

namespace FleetDashboard.Collector.Metrics.Cadvisor;

/// <summary>
/// The metrics of cAdvisor that the engine's API or cgroup files provide, with cAdvisor's names, types and units. All other metrics are
/// absent: a missing series is noticed, while a zero is believed.
/// </summary>
internal static class CadvisorMetrics
{
    private const double Nanoseconds = 1e9;

    /// <summary>All metrics except <c>container_last_seen</c>, which has a timestamp, and the metrics of the machine.</summary>
    public static readonly CadvisorMetric[] All =
    [
        Alive(
            "container_health_state",
            "The result of the container's health check: 1 healthy, 0 unhealthy or starting, -1 without one.",
            facts =>
                facts.Healthcheck switch
                {
                    "healthy" => 1,
                    "none" => -1,
                    _ => 0,
                }
        ),
        Alive(
            "container_start_time_seconds",
            "Start time of the container since unix epoch in seconds.",
            facts => facts.StartedAt?.ToUnixTimeSeconds()
        ),
        Alive(
            "container_creation_time_seconds",
            "Creation time of the container since unix epoch in seconds.",
            facts => facts.CreatedAt?.ToUnixTimeSeconds()
        ),
        new(
            "container_oom_events_total",
            Counter,
            "Count of out of memory events observed for the container.",
            series => series.Add(series.Container.OomKills)
        ),
        new(
            "container_cpu_usage_seconds_total",
            Counter,
            "Cumulative cpu time consumed in seconds.",
            series => series.Add(series.Reading?.CpuNanoseconds / Nanoseconds, ("cpu", "total"))
        ),
        Read(
            Counter,
            "container_cpu_user_seconds_total",
            "Cumulative user cpu time consumed in seconds.",
            reading => reading.Detail?.UserNanoseconds / Nanoseconds
        ),
        Read(
            Counter,
            "container_cpu_system_seconds_total",
            "Cumulative system cpu time consumed in seconds.",
            reading => reading.Detail?.KernelNanoseconds / Nanoseconds
        ),
        Limited("container_cpu_cfs_periods_total", "Number of elapsed enforcement period intervals.", reading => reading.CpuPeriods),
        Limited("container_cpu_cfs_throttled_periods_total", "Number of throttled period intervals.", reading => reading.ThrottledPeriods),
        Limited(
            "container_cpu_cfs_throttled_seconds_total",
            "Total time duration the container has been throttled.",
            reading => reading.Detail?.ThrottledNanoseconds / Nanoseconds
        ),
        Memory(
            Gauge,
            "container_memory_usage_bytes",
            "Current memory usage in bytes, including all memory regardless of when it was accessed.",
            memory => memory.Usage
        ),
        Memory(Gauge, "container_memory_working_set_bytes", "Current working set in bytes.", memory => memory.WorkingSet),
        Memory(Gauge, "container_memory_max_usage_bytes", "Maximum memory usage recorded in bytes.", memory => memory.MaxUsage),
        Memory(Gauge, "container_memory_cache", "Number of bytes of page cache memory.", memory => memory.Cache),
        Memory(Gauge, "container_memory_rss", "Size of RSS in bytes.", memory => memory.Rss),
        Memory(Gauge, "container_memory_swap", "Container swap usage in bytes.", memory => memory.Swap),
        Memory(Gauge, "container_memory_mapped_file", "Size of memory mapped files in bytes.", memory => memory.MappedFile),
        Memory(Gauge, "container_memory_total_active_file_bytes", "Current total active file in bytes.", memory => memory.ActiveFile),
        Memory(Gauge, "container_memory_total_inactive_file_bytes", "Current total inactive file in bytes.", memory => memory.InactiveFile),
        Memory(Counter, "container_memory_failcnt", "Number of memory usage hits limits.", memory => memory.Failures),
        new("container_memory_failures_total", Counter, "Cumulative count of memory allocation failures.", WriteFaults),
        Network("container_network_receive_bytes_total", "Cumulative count of bytes received.", one => one.Received.Bytes),
        Network("container_network_receive_packets_total", "Cumulative count of packets received.", one => one.Received.Packets),
        Network(
            "container_network_receive_packets_dropped_total",
            "Cumulative count of packets dropped while receiving.",
            one => one.Received.Dropped
        ),
        Network(
            "container_network_receive_errors_total",
            "Cumulative count of errors encountered while receiving.",
            one => one.Received.Errors
        ),
        Network("container_network_transmit_bytes_total", "Cumulative count of bytes transmitted.", one => one.Sent.Bytes),
        Network("container_network_transmit_packets_total", "Cumulative count of packets transmitted.", one => one.Sent.Packets),
        Network(
            "container_network_transmit_packets_dropped_total",
            "Cumulative count of packets dropped while transmitting.",
            one => one.Sent.Dropped
        ),
        Network(
            "container_network_transmit_errors_total",
            "Cumulative count of errors encountered while transmitting.",
            one => one.Sent.Errors
        ),
        Disk(
            "container_fs_reads_bytes_total",
            "Cumulative count of bytes read.",
            detail => detail.BlockBytes.Where(counter => counter.IsRead)
        ),
        Disk(
            "container_fs_writes_bytes_total",
            "Cumulative count of bytes written.",
            detail => detail.BlockBytes.Where(counter => counter.IsWrite)
        ),
        Disk(
            "container_fs_reads_total",
            "Cumulative count of reads completed.",
            detail => detail.BlockOperations.Where(counter => counter.IsRead)
        ),
        Disk(
            "container_fs_writes_total",
            "Cumulative count of writes completed.",
            detail => detail.BlockOperations.Where(counter => counter.IsWrite)
        ),
        new("container_blkio_device_usage_total", Counter, "Blkio device bytes usage.", WriteDevices),
        Read(Gauge, "container_threads", "Number of threads running inside the container.", reading => reading.Pids),
        Alive("container_spec_cpu_period", "CPU period of the container.", facts => facts.Spec.CpuPeriod),
        Alive("container_spec_cpu_quota", "CPU quota of the container.", facts => facts.Spec.CpuQuota > 0 ? facts.Spec.CpuQuota : null),
        Alive("container_spec_cpu_shares", "CPU share of the container.", facts => facts.Spec.CpuShares),
        Alive("container_spec_memory_limit_bytes", "Memory limit for the container; 0 without one.", facts => facts.MemoryLimitBytes ?? 0),
        Alive(
            "container_spec_memory_swap_limit_bytes",
            "Memory swap limit for the container; 0 without one.",
            facts => facts.Spec.MemorySwapBytes
        ),
        Alive(
            "container_spec_memory_reservation_limit_bytes",
            "Memory reservation limit for the container; 0 without one.",
            facts => facts.Spec.MemoryReservationBytes
        ),
        // cAdvisor has neither, but alert rules need both. For all containers: a crashed one is the reason for the rule.
        new(
            "container_restarts",
            Gauge,
            "Restarts by the engine's restart policy since the container was started by hand.",
            series => series.Add(series.Container.Facts.RestartCount)
        ),
        new(
            "container_exit_code",
            Gauge,
            "Exit code of the last run; absent while the container runs and before it first ran.",
            series => series.Add(series.Container is { IsAlive: false, Facts: { FinishedAt: not null } facts } ? facts.ExitCode : null)
        ),
    ];

    // As in cAdvisor, only where a CPU limit can throttle.
    private static CadvisorMetric Limited(string name, string help, Func<RawStats, double?> value) =>
        new(
            name,
            Counter,
            help,
            series => series.Add(series.Container.Facts.Spec.CpuQuota > 0 && series.Reading is { } reading ? value(reading) : null)
        );

    private static void WriteFaults(ContainerSeries series)
    {
        if (series.Reading?.Detail?.Memory is { } memory)
        {
            series.Add(memory.Faults, ("failure_type", "pgfault"), ("scope", "container"));
            series.Add(memory.FaultsBelow, ("failure_type", "pgfault"), ("scope", "hierarchy"));
            series.Add(memory.MajorFaults, ("failure_type", "pgmajfault"), ("scope", "container"));
            series.Add(memory.MajorFaultsBelow, ("failure_type", "pgmajfault"), ("scope", "hierarchy"));
        }
    }

    private static void WriteDevices(ContainerSeries series)
    {
        foreach (var counter in series.Reading?.Detail?.BlockBytes ?? [])
        {
            series.Add(
                counter.Value,
                ("device", DeviceOf(counter)),
                ("major", $"{counter.Major}"),
                ("minor", $"{counter.Minor}"),
                ("operation", counter.Operation)
            );
        }
    }
}
