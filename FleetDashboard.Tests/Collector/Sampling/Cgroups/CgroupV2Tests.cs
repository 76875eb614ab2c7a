using System.Text.Json;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Sampling.Cgroups;

/// <summary>
/// Cgroup version 2, read from recorded trees in the kernel's documented formats. The test machines have no real one with controllers.
/// </summary>
public sealed class CgroupV2Tests
{
    private const int Pid = 4711;

    private static readonly string Id = Facts.Container("shop").Id;

    /// <summary>The engine's answer for the same cgroup (moby, daemon/stats_unix.go, statsV2).</summary>
    private const string Engine = """
        {"read":"2026-11-23T03:00:00Z",
         "cpu_stats":{"cpu_usage":{"total_usage":5000000000,"usage_in_kernelmode":2000000000,"usage_in_usermode":3000000000},
          "throttling_data":{"periods":100,"throttled_periods":40,"throttled_time":700000000}},
         "memory_stats":{"usage":104857600,"stats":{"anon":50000000,"file":40000000,"file_mapped":7000000,"inactive_file":30000000,
           "active_file":10000000,"pgfault":123456,"pgmajfault":78}},
         "pids_stats":{"current":9},
         "blkio_stats":{"io_service_bytes_recursive":[{"major":8,"minor":16,"op":"read","value":1459200},
           {"major":8,"minor":16,"op":"write","value":314773504},
           {"major":8,"minor":0,"op":"read","value":90430464},{"major":8,"minor":0,"op":"write","value":299008000}]},
         "networks":{"eth0":{"rx_bytes":100,"rx_packets":11,"rx_errors":2,"rx_dropped":3,
             "tx_bytes":1000,"tx_packets":12,"tx_errors":8,"tx_dropped":9},
           "eth1":{"rx_bytes":20,"rx_packets":21,"rx_errors":22,"rx_dropped":23,
             "tx_bytes":28,"tx_packets":29,"tx_errors":30,"tx_dropped":31}}}
        """;

    [Fact]
    public void Stats_OfARecordedTree_AreTheEnginesOwn()
    {
        using var folder = new CgroupFolder();
        folder.Container($"system.slice/docker-{Id}.scope");
        folder.Process(Pid, $"/system.slice/docker-{Id}.scope");
        using var source = folder.Source();
        source.Follow([Target($"/system.slice/docker-{Id}.scope")]);

        var files = Assert.Single(source.Read()).Stats;
        var engine = JsonSerializer.Deserialize(Engine, StatsResponseJson.Default.StatsResponse)!.ToStats()!;

        // Beyond the engine: peak memory, hits of the limit, swap, operations.
        var memory = files.Detail!.Memory!;
        Assert.Equal((209715200L, 17L, 4096L), (memory.MaxUsage, memory.Failures, memory.Swap));
        Assert.Equal([192UL, 353UL, 8950UL, 1252UL], files.Detail.BlockOperations.Select(one => one.Value));
        Assert.Equal(StatsList.Levels(engine), StatsList.Levels(files));
        var counters = StatsList
            .Counters(files)
            .Where(one => !one.Key.StartsWith("operations", StringComparison.Ordinal) && one.Key is not ("most memory" or "limit hit"));
        Assert.Equal(
            StatsList
                .Counters(engine)
                .Where(one => one.Key is not ("most memory" or "limit hit"))
                .OrderBy(one => one.Key, StringComparer.Ordinal),
            counters.OrderBy(one => one.Key, StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("docker/ID")]
    [InlineData("system.slice/docker-ID.scope")]
    [InlineData("acme.slice/acme-web.slice/docker-ID.scope")]
    [InlineData("user.slice/user-1000.slice/user@1000.service/user.slice/docker-ID.scope")]
    [InlineData("user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope")]
    [InlineData("system.slice/docker-outer.scope/docker/ID")]
    public void Container_WithItsCgroupAnywhere_IsFoundByAWalk(string path)
    {
        using var folder = new CgroupFolder();
        folder.Container(path.Replace("ID", Id, StringComparison.Ordinal));
        folder.Write($"user.slice/libpod-conmon-{Id}.scope/cpu.stat", "usage_usec 1\n");
        using var source = folder.Source();

        source.Follow([Target("/elsewhere/" + Id)]);

        Assert.Equal(5_000_000_000UL, Assert.Single(source.Read()).Stats.CpuNanoseconds);
    }

    [Theory]
    [InlineData("/system.slice/docker-ID.scope", true)] // Seen from the host's cgroup namespace.
    [InlineData("/../docker-ID.scope", true)] // Seen from one of our own.
    // Another process with the same number: in another PID namespace, or after the container ended.
    [InlineData("/system.slice/ssh.service", false)]
    [InlineData("/", false)]
    public void Network_IsReadOnlyFromAProcessOfTheContainer(string cgroup, bool isRead)
    {
        using var folder = new CgroupFolder();
        folder.Container($"system.slice/docker-{Id}.scope");
        folder.Process(Pid, cgroup.Replace("ID", Id, StringComparison.Ordinal));
        using var source = folder.Source();
        source.Follow([Target($"/system.slice/docker-{Id}.scope")]);

        var stats = Assert.Single(source.Read()).Stats;

        Assert.Equal(isRead ? 120UL : null, stats.ReceivedBytes);
        Assert.Equal(isRead, source.Followed[Id].NetworkDue(TimeSpan.FromSeconds(30)) is null);
    }

    [Fact]
    public void Network_OfInterfacesWithOtherNames_IsLeftToTheEngine()
    {
        using var folder = new CgroupFolder();
        folder.Container($"docker/{Id}");
        folder.Process(
            Pid,
            $"/docker/{Id}",
            "h\nh\n eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n wan0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"
        );
        using var source = folder.Source();
        source.Follow([Target($"/docker/{Id}")]);

        Assert.Null(Assert.Single(source.Read()).Stats.ReceivedBytes);
        Assert.NotNull(source.Followed[Id].NetworkDue(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Reading_WithoutChanges_AllocatesOneObjectPerContainer()
    {
        using var folder = new CgroupFolder();
        var ids = Enumerable.Range(0, 50).Select(number => Facts.Container($"shop-{number}").Id).ToList();
        ids.ForEach(id => folder.Container($"docker/{id}"));
        using var source = folder.Source();
        source.Follow([.. ids.Select(id => Target($"/docker/{id}") with { Id = id, Pid = 0, Interfaces = 0 })]);
        for (var warm = 0; warm < 30; warm++)
        {
            source.Read();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var sweep = 0; sweep < 100; sweep++)
        {
            source.Read();
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / (100 * ids.Count), 1, 300);
        Assert.Same(source.Read()[0].Stats.Detail, source.Read()[0].Stats.Detail);
    }

    [Fact]
    public void Reading_AfterAChangeOfOneFile_HasTheChange()
    {
        using var folder = new CgroupFolder();
        folder.Container($"docker/{Id}");
        using var source = folder.Source();
        source.Follow([Target($"/docker/{Id}")]);
        var before = Assert.Single(source.Read()).Stats;

        folder.Write($"docker/{Id}/memory.current", "90000000\n");
        folder.Write($"docker/{Id}/io.stat", "8:16 rbytes=1 wbytes=2 rios=3 wios=4\n");
        var after = Assert.Single(source.Read()).Stats;

        Assert.Equal((60_000_000L, 1UL, 2UL), (after.MemoryBytes, after.BlockReadBytes, after.BlockWrittenBytes));
        Assert.Equal((before.CpuNanoseconds, 74_857_600L), (after.CpuNanoseconds, before.MemoryBytes));
    }

    [Theory]
    [InlineData("cpu.stat", "")]
    [InlineData("memory.current", "")]
    [InlineData("memory.current", "a lot\n")]
    public void Reading_OfAMalformedFile_LeavesOutThatContainerOnly(string file, string text)
    {
        using var folder = new CgroupFolder();
        var other = Facts.Container("other").Id;
        folder.Container($"docker/{Id}");
        folder.Container($"docker/{other}");
        using var source = folder.Source();
        source.Follow([Target($"/docker/{Id}"), Target($"/docker/{other}") with { Id = other }]);

        folder.Write($"docker/{Id}/{file}", text);

        Assert.Equal(other, Assert.Single(source.Read()).Id);
        Assert.Equal([other], source.Followed.Keys);
    }

    [Fact]
    public void Tree_BesideVersionOne_IsNotUsed()
    {
        using var folder = new CgroupFolder();
        folder.Write("cgroup.controllers", "hugetlb\n");
        using var source = folder.Source();

        source.Follow([Target($"/docker/{Id}")]);

        Assert.Contains("only: hugetlb", source.WhyNot, StringComparison.Ordinal);
    }

    private static SampleTarget Target(string path) => new(Id, Facts.Now, Pid, path, 2);
}
