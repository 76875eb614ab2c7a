using System.Text.Json;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Sampling;

public sealed class StatsTests
{
    private static readonly RawStats First = new()
    {
        ReadAt = Facts.Now,
        CpuNanoseconds = 10_000_000_000,
        CpuPeriods = 100,
        ThrottledPeriods = 10,
        MemoryBytes = 1000,
        ReceivedBytes = 500,
        SentBytes = 50,
        BlockReadBytes = 7,
    };

    [Fact]
    public void Stats_OfTheFirstReading_HaveLevelsAndNoRates()
    {
        var stats = Stats.From(null, First);

        Assert.Equal((1000, null, null), (stats.MemoryBytes, stats.CpuCores, stats.ReceiveRate));
    }

    [Fact]
    public void Stats_OfTwoReadings_AreRatesOverTheTimeBetweenThem()
    {
        var stats = Stats.From(
            First,
            First with
            {
                ReadAt = Facts.Now.AddSeconds(4),
                CpuNanoseconds = 13_000_000_000,
                CpuPeriods = 140,
                ThrottledPeriods = 20,
                ReceivedBytes = 900,
                SentBytes = 50,
                BlockReadBytes = 15,
            }
        );

        Assert.Equal(
            (0.75, 0.25, 100d, 0d, 2d),
            (stats.CpuCores, stats.CpuThrottled, stats.ReceiveRate, stats.SendRate, stats.BlockReadRate)
        );
    }

    [Theory]
    [InlineData(0.1, 5, 0.6)] // The engine's clock was set back by 4.9 s: our own clock counts.
    [InlineData(-2, 5, 0.6)]
    [InlineData(300, 5, 0.6)]
    [InlineData(4.8, 5, 0.625)] // A moment apart is the way of the answer: the stamp is exact.
    public void Cpu_TimestampsJump_TheMonotonicClockCounts(double stamped, double ours, double cores)
    {
        var stats = Stats.From(
            First with
            {
                ReceivedAt = TimeSpan.FromSeconds(100),
            },
            First with
            {
                ReadAt = Facts.Now.AddSeconds(stamped),
                ReceivedAt = TimeSpan.FromSeconds(100 + ours),
                CpuNanoseconds = 13_000_000_000,
            },
            hostCpus: 4
        );

        Assert.Equal(cores, stats.CpuCores!.Value, 3);
    }

    [Theory]
    [InlineData(4, 0.08, null)]
    [InlineData(4, 0.74, 4d)]
    [InlineData(0, 0.08, 37.5)]
    [InlineData(0, 0.0000001, null)]
    public void Cpu_AboveTheHostsCpus_IsDropped(int hostCpus, double seconds, double? cores)
    {
        var stats = Stats.From(
            First,
            First with
            {
                ReadAt = Facts.Now.AddSeconds(seconds),
                CpuNanoseconds = 13_000_000_000,
            },
            hostCpus: hostCpus
        );

        Assert.Equal(cores is null, stats.CpuCores is null);
        Assert.True(cores is null || Math.Abs(stats.CpuCores!.Value - cores.Value) < 0.1);
    }

    [Theory]
    [InlineData("""{"usage":0,"limit":0}""")]
    [InlineData("{}")]
    [InlineData("""{"usage":-5}""")]
    [InlineData("""{"usage":9223372036854775807}""")]
    [InlineData("null")]
    public void Memory_ThatIsAbsurd_IsAGap(string memory)
    {
        var answer = JsonSerializer.Deserialize(
            """{"read":"2026-11-23T03:00:00Z","cpu_stats":{"cpu_usage":{"total_usage":5}},"memory_stats":""" + memory + "}",
            StatsResponseJson.Default.StatsResponse
        )!;

        Assert.Null(answer.ToStats()!.MemoryBytes);
    }

    [Fact]
    public void Stats_AfterACounterReset_HaveNoRates()
    {
        var stats = Stats.From(First, First with { ReadAt = Facts.Now.AddSeconds(5), CpuNanoseconds = 1_000, ReceivedBytes = 3 });

        Assert.Equal((null, null, 1000), (stats.CpuCores, stats.ReceiveRate, stats.MemoryBytes));
    }

    [Fact]
    public void Stats_AfterAResetOfTheNetworkOnly_KeepTheOtherRates()
    {
        var stats = Stats.From(First, First with { ReadAt = Facts.Now.AddSeconds(1), CpuNanoseconds = 11_000_000_000, ReceivedBytes = 3 });

        Assert.Equal((1d, null), (stats.CpuCores, stats.ReceiveRate));
    }

    [Fact]
    public void Network_ReadLessOften_HasRatesOverItsOwnIntervalAndKeepsThemMeanwhile()
    {
        var first = First with { NetworkReadAt = Facts.Now.AddSeconds(-2) };
        var between = first with { ReadAt = Facts.Now.AddSeconds(5), CpuNanoseconds = 11_000_000_000 };
        var renewed = between with
        {
            ReadAt = Facts.Now.AddSeconds(30),
            NetworkReadAt = Facts.Now.AddSeconds(28),
            ReceivedBytes = 3500,
            SentBytes = 50,
        };
        var later = renewed with { ReadAt = Facts.Now.AddSeconds(35) };

        var one = Stats.From(first, between, Stats.From(null, first));
        var two = Stats.From(between, renewed, one);
        var three = Stats.From(renewed, later, two);

        Assert.Equal((null, 100d, 100d), (one.ReceiveRate, two.ReceiveRate, three.ReceiveRate));
        Assert.Equal((0d, 0d), (two.SendRate, three.SendRate));
        Assert.Equal(Facts.Now.AddSeconds(28), three.NetworkSampledAt);
        Assert.Null(Stats.From(renewed, later with { ReceivedBytes = null, SentBytes = null }, two).ReceiveRate);
    }

    [Theory]
    [InlineData("""{"usage":1000,"stats":{"total_inactive_file":300,"inactive_file":100}}""", 700L)]
    [InlineData("""{"usage":1000,"stats":{"inactive_file":100}}""", 900L)]
    [InlineData("""{"usage":1000,"stats":{"inactive_file":1000}}""", 1000L)]
    [InlineData("""{"usage":1000}""", 1000L)]
    [InlineData("{}", null)]
    public void Memory_OfTheEnginesAnswer_IsWithoutReclaimableCache(string memory, long? used)
    {
        var answer = JsonSerializer.Deserialize(
            """{"read":"2026-11-23T03:00:00Z","cpu_stats":{"cpu_usage":{"total_usage":5}},"memory_stats":""" + memory + "}",
            StatsResponseJson.Default.StatsResponse
        )!;

        Assert.Equal(used, answer.ToStats()!.MemoryBytes);
    }

    [Fact]
    public void Stats_OfTheZeroYear_AreNoSample()
    {
        var answer = JsonSerializer.Deserialize(
            """{"read":"0001-01-01T00:00:00Z","cpu_stats":{"cpu_usage":{"total_usage":0}},"memory_stats":{}}""",
            StatsResponseJson.Default.StatsResponse
        )!;

        Assert.Null(answer.ToStats());
    }

    [Fact]
    public void Stats_AreSummedOverInterfacesAndDevices()
    {
        var answer = JsonSerializer.Deserialize(
            """
            {"read":"2026-11-23T03:00:00Z","cpu_stats":{"cpu_usage":{"total_usage":5}},
             "networks":{"eth0":{"rx_bytes":1,"tx_bytes":2},"eth1":{"rx_bytes":10,"tx_bytes":20}},
             "blkio_stats":{"io_service_bytes_recursive":[{"op":"Read","value":5},{"op":"read","value":6},{"op":"Write","value":7},
               {"op":"Total","value":18}]},"pids_stats":{"current":3}}
            """,
            StatsResponseJson.Default.StatsResponse
        )!;

        var stats = answer.ToStats()!;

        Assert.Equal(
            (11UL, 22UL, 11UL, 7UL, 3L),
            (stats.ReceivedBytes, stats.SentBytes, stats.BlockReadBytes, stats.BlockWrittenBytes, stats.Pids)
        );
    }
}
