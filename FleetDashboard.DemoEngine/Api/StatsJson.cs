using System.Text.Json;
using FleetDashboard.DemoEngine.Fleet;

namespace FleetDashboard.DemoEngine.Api;

/// <summary>Writes a container's stats, in the format of cgroup v1.</summary>
internal static class StatsJson
{
    private static readonly string[] BlockLists =
    [
        "io_serviced_recursive",
        "io_queue_recursive",
        "io_service_time_recursive",
        "io_wait_time_recursive",
        "io_merged_recursive",
        "io_time_recursive",
        "sectors_recursive",
    ];

    /// <summary>Writes one sample. <paramref name="before"/> is the time of the previous sample, for calls that include one.</summary>
    public static void Write(
        Utf8JsonWriter json,
        DemoContainer container,
        DateTimeOffset now,
        DateTimeOffset? before,
        DateTimeOffset hostBoot
    )
    {
        var (plan, state) = (container.Plan, container.State);
        var up = state.IsUp;
        json.WriteStartObject();
        // The year 1 means "no sample". Nothing else distinguishes it from zero.
        json.WriteString("read", up ? EngineJsonValues.Rfc3339(now) : EngineJsonValues.Never);
        json.WriteString("preread", up ? EngineJsonValues.Rfc3339(before) : EngineJsonValues.Never);
        json.WriteStartObject("pids_stats");
        if (up)
        {
            json.WriteNumber("current", 2 + (int)(SeededRandom.Roll(plan.Seed, 70) % 30));
        }

        json.WriteEndObject();
        WriteBlockIo(json, container, state, now, up);
        json.WriteNumber("num_procs", 0);
        json.WriteEmptyObject("storage_stats");
        WriteCpu(json, "cpu_stats", container, state, up ? now : null, hostBoot);
        WriteCpu(json, "precpu_stats", container, state, up ? before : null, hostBoot);
        WriteMemory(json, container, state, now, up);
        json.WriteString("name", "/" + plan.Name);
        json.WriteString("id", plan.Id);
        if (up && plan.Network is { Name: not "host" })
        {
            WriteNetworks(json, container, state, now);
        }

        json.WriteEndObject();
    }

    private static void WriteCpu(
        Utf8JsonWriter json,
        string name,
        DemoContainer container,
        ContainerState state,
        DateTimeOffset? at,
        DateTimeOffset hostBoot
    )
    {
        var used = at is { } moment ? (long)(container.CpuSeconds(state, moment) * 1e9) : 0;
        json.WriteStartObject(name);
        json.WriteStartObject("cpu_usage");
        json.WriteNumber("total_usage", used);
        if (at is not null)
        {
            json.WriteStartArray("percpu_usage");
            for (var cpu = 0; cpu < DemoHost.Cpus; cpu++)
            {
                json.WriteNumberValue(used / DemoHost.Cpus);
            }

            json.WriteEndArray();
        }

        json.WriteNumber("usage_in_kernelmode", used / 5);
        json.WriteNumber("usage_in_usermode", used - used / 5);
        json.WriteEndObject();
        if (at is { } now)
        {
            json.WriteNumber("system_cpu_usage", (now - hostBoot).Ticks * 100 * DemoHost.Cpus);
            json.WriteNumber("online_cpus", DemoHost.Cpus);
        }

        WriteThrottling(json, container, state, at);
        json.WriteEndObject();
    }

    // The kernel counts throttling in periods of 100 ms, and only for a container with a CPU limit.
    private static void WriteThrottling(Utf8JsonWriter json, DemoContainer container, ContainerState state, DateTimeOffset? at)
    {
        var limited = container.Plan.NanoCpus > 0 && at is not null;
        var periods = limited
            ? (long)((state.PausedAt ?? at ?? state.CountFrom) - (state.StartedAt ?? state.CountFrom)).TotalMilliseconds / 100
            : 0;
        var throttled = container.Plan.Behavior == Behavior.CpuBound ? periods * 62 / 100 : periods / 4000;
        json.WriteStartObject("throttling_data");
        json.WriteNumber("periods", periods);
        json.WriteNumber("throttled_periods", throttled);
        json.WriteNumber("throttled_time", throttled * 41_000_000);
        json.WriteEndObject();
    }

    private static void WriteMemory(Utf8JsonWriter json, DemoContainer container, ContainerState state, DateTimeOffset now, bool up)
    {
        json.WriteStartObject("memory_stats");
        if (up)
        {
            var limit = container.Plan.MemoryLimit > 0 ? container.Plan.MemoryLimit : DemoHost.MemoryBytes;
            var used = container.MemoryUsed(state, now);
            // Page cache counts as usage until it is reclaimed. A client that does not subtract it sees every container as full.
            var cache = Math.Min(used / 4, limit - used);
            json.WriteNumber("usage", used + cache);
            json.WriteNumber("max_usage", Math.Min(limit, used + cache + (2 << 20)));
            json.WriteStartObject("stats");
            json.WriteNumber("cache", cache);
            json.WriteNumber("inactive_file", cache);
            json.WriteNumber("rss", used);
            json.WriteNumber("hierarchical_memory_limit", container.Plan.MemoryLimit > 0 ? limit : 9223372036854771712);
            json.WriteNumber("total_cache", cache);
            json.WriteNumber("total_inactive_file", cache);
            json.WriteNumber("total_active_file", 0);
            json.WriteNumber("total_rss", used);
            json.WriteEndObject();
            json.WriteNumber("limit", limit);
        }

        json.WriteEndObject();
    }

    private static void WriteNetworks(Utf8JsonWriter json, DemoContainer container, ContainerState state, DateTimeOffset now)
    {
        // Traffic follows the load: a fixed number of bytes per CPU second.
        var work = container.CpuSeconds(state, now);
        var received = (long)(work * SeededRandom.Between(container.Plan.Seed, 80, 2e5, 3e6));
        var sent = (long)(work * SeededRandom.Between(container.Plan.Seed, 81, 1e5, 6e6));
        json.WriteStartObject("networks");
        json.WriteStartObject("eth0");
        json.WriteNumber("rx_bytes", received);
        json.WriteNumber("rx_packets", received / 900);
        json.WriteNumber("rx_errors", 0);
        json.WriteNumber("rx_dropped", 0);
        json.WriteNumber("tx_bytes", sent);
        json.WriteNumber("tx_packets", sent / 900);
        json.WriteNumber("tx_errors", 0);
        json.WriteNumber("tx_dropped", 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteBlockIo(Utf8JsonWriter json, DemoContainer container, ContainerState state, DateTimeOffset now, bool up)
    {
        json.WriteStartObject("blkio_stats");
        if (!up)
        {
            json.WriteNull("io_service_bytes_recursive");
        }
        else
        {
            var work = container.CpuSeconds(state, now);
            json.WriteStartArray("io_service_bytes_recursive");
            // Only containers that store data have used the disk. All others have an empty list, not zeros.
            if (container.Plan.Kind is not (ContainerKind.Web or ContainerKind.Worker))
            {
                WriteOperation(json, "Read", (long)(work * 2e5) / 4096 * 4096);
                WriteOperation(json, "Write", (long)(work * 9e5) / 4096 * 4096);
            }

            json.WriteEndArray();
        }

        foreach (var list in BlockLists)
        {
            if (up)
            {
                json.WriteStrings(list, []);
            }
            else
            {
                json.WriteNull(list);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteOperation(Utf8JsonWriter json, string operation, long bytes)
    {
        json.WriteStartObject();
        json.WriteNumber("major", 254);
        json.WriteNumber("minor", 0);
        json.WriteString("op", operation);
        json.WriteNumber("value", bytes);
        json.WriteEndObject();
    }
}
