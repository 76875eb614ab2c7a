using FleetDashboard.Collector.Engine;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Engine;

/// <summary>The engine's clock is compared with ours. A slow answer does not count as a difference.</summary>
public sealed class EngineClockTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(-0.9, 0, 0)] // A Date header has whole seconds.
    [InlineData(0, 30, 0)] // Our machine stood still: the engine answered at once, and we read the answer late.
    [InlineData(29, 30, 0)]
    [InlineData(-2.5, 0.1, 0)]
    [InlineData(-360, 0.1, 360)]
    [InlineData(360, 0.1, -359.9)]
    [InlineData(-360, 20, 360)]
    [InlineData(-400_000_000, 0.1, 0)] // Twelve years: not believed.
    public void Difference_OutsideOfRequestAndAnswer_Counts(double shown, double took, double offset)
    {
        var clock = new EngineClock();

        clock.Set(new EngineMoment(Facts.Now.AddSeconds(shown), Facts.Now, Facts.Now.AddSeconds(took)));

        Assert.Equal(offset, clock.Offset.TotalSeconds, 1);
        Assert.Equal(Math.Abs(offset) >= 30, clock.Warning is not null);
        Assert.Equal(Facts.Now, clock.ToEngine(clock.ToOurs(Facts.Now)));
    }

    [Fact]
    public void Difference_ThatChangesALittle_StaysAsItIs()
    {
        var clock = new EngineClock();
        Assert.True(clock.Set(new EngineMoment(Facts.Now.AddSeconds(-360), Facts.Now, Facts.Now)));

        Assert.False(clock.Set(new EngineMoment(Facts.Now.AddSeconds(-361), Facts.Now, Facts.Now)));
        Assert.False(clock.Set(null));

        Assert.Equal(360, clock.Offset.TotalSeconds);
    }

    [Fact]
    public void Times_AtTheEndsOfTheCalendar_AreNotShifted()
    {
        var clock = new EngineClock();
        clock.Set(new EngineMoment(Facts.Now.AddSeconds(-360), Facts.Now, Facts.Now));

        Assert.Equal(DateTimeOffset.MaxValue, clock.ToOurs(DateTimeOffset.MaxValue));
        Assert.Equal(DateTimeOffset.MinValue, clock.ToEngine(DateTimeOffset.MinValue));
    }
}
