using FleetDashboard.Collector.Sampling;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Sampling;

public sealed class HistoryRingTests
{
    [Fact]
    public void History_OfReadingsInOneStep_IsTheirMean()
    {
        var ring = Filled(seconds: 10, every: 5, value: at => at);

        Assert.Equal(2.5f, ring.ToHistory().CpuCores[^1]);
    }

    [Fact]
    public void History_IsAnHourLongAndHasGaps()
    {
        var ring = new HistoryRing();
        Add(ring, 0, 1);
        Add(ring, 3000, 2);

        var history = ring.ToHistory();

        Assert.Equal((360, 10), (history.CpuCores.Length, history.StepSeconds));
        Assert.Equal(2, history.CpuCores.Count(value => value is not null));
        Assert.Equal(Facts.Now.AddSeconds(3000 - 3590), history.From);
    }

    [Fact]
    public void History_DropsReadingsOlderThanAnHour()
    {
        var ring = new HistoryRing();
        Add(ring, 0, 1);
        Add(ring, 4000, 2);

        Assert.Equal([2f], ring.ToHistory().CpuCores.OfType<float>());
    }

    [Theory]
    [InlineData(30, 4)] // Due every half minute: the mean of half a minute is that of its steps.
    [InlineData(5, 2)] // Due every five seconds: some did not come.
    public void History_OfReadingsAtASlowPace_HasNoGaps(int pace, int known)
    {
        var ring = new HistoryRing();
        ring.Add(Facts.Now, 1, 10, 2, 3, 4, 5, TimeSpan.FromSeconds(pace));
        ring.Add(Facts.Now.AddSeconds(30), 7, 11, 2, 3, 4, 5, TimeSpan.FromSeconds(pace));

        var cpu = ring.ToHistory().CpuCores;

        Assert.Equal(known, cpu.Count(value => value is not null));
        Assert.Equal((1f, 7f), (cpu[^4], cpu[^1]));
    }

    [Fact]
    public void History_WithoutAReading_IsAGapAndNotZero()
    {
        var ring = new HistoryRing();
        ring.Add(Facts.Now, null, 5, null, null, null, null);

        Assert.Equal((null, 5f), (ring.ToHistory().CpuCores[^1], ring.ToHistory().MemoryBytes[^1]));
    }

    [Fact]
    public void History_OfAnAppAtItsFirstReading_HasMemoryAndNoRates()
    {
        var book = new StatsHistory();
        book.AddApp("shop", [new Stats { SampledAt = Facts.Now, MemoryBytes = 5 }, new Stats { SampledAt = Facts.Now, MemoryBytes = 6 }]);

        Assert.Equal((null, 11f), (book.OfApp("shop").CpuCores[^1], book.OfApp("shop").MemoryBytes[^1]));
    }

    [Theory]
    [InlineData(10, 0, 0)]
    [InlineData(30, 2, 10)]
    [InlineData(600, 59, 10)]
    [InlineData(900, 44, 20)]
    [InlineData(3600, 59, 60)]
    [InlineData(9000, 59, 60)]
    public void Trend_OfAnyLength_HasAtMostSixtyPoints(int seconds, int points, int step)
    {
        var trend = Filled(seconds, every: 5, value: _ => 0.5).ToTrend();

        Assert.Equal((points, step), (trend?.Values.Length ?? 0, trend?.StepSeconds ?? 0));
        Assert.All(trend?.Values ?? [], value => Assert.Equal(0.5f, value));
    }

    [Fact]
    public void Trend_WithinAStep_StaysTheSameLine()
    {
        var ring = Filled(seconds: 120, every: 5, value: at => at);
        var before = ring.ToTrend();

        Add(ring, 121, 99);
        var after = ring.ToTrend();
        Add(ring, 126, 99);

        Assert.NotSame(before, after);
        Assert.Same(after, ring.ToTrend());
    }

    private static HistoryRing Filled(int seconds, int every, Func<int, double> value)
    {
        var ring = new HistoryRing();
        for (var at = 0; at < seconds; at += every)
        {
            Add(ring, at, value(at));
        }

        return ring;
    }

    private static void Add(HistoryRing ring, int seconds, double cpu) =>
        ring.Add(Facts.Now.AddSeconds(seconds), cpu, null, null, null, null, null);
}
