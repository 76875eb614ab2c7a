using FleetDashboard.Collector.Fleet;
using FleetDashboard.Tests.Support;
using Xunit;

namespace FleetDashboard.Tests.Collector.Fleet;

public sealed class AlarmTests
{
    // One character a sample: ! bad, . good; below what the alarm says after it.
    [Theory]
    [InlineData("....", "0000")]
    [InlineData("!.!.!.", "000000")]
    [InlineData("!!", "01")]
    [InlineData("!!.!.!", "011111")]
    [InlineData("!!..", "0110")]
    [InlineData(".!!!..!!", "00111001")]
    public void Alarm_TwoInARow_TurnIt(string samples, string raised)
    {
        var alarm = default(Alarm);
        var seen = "";
        foreach (var sample in samples)
        {
            alarm = alarm.Observe(sample == '!', Facts.Now);
            seen += alarm.Raised ? '1' : '0';
        }

        Assert.Equal(raised, seen);
    }

    [Fact]
    public void Alarm_Raised_DatesBackToItsFirstBadSample()
    {
        var alarm = default(Alarm)
            .Observe(true, Facts.Now)
            .Observe(false, Facts.Now.AddSeconds(5))
            .Observe(true, Facts.Now.AddSeconds(10))
            .Observe(true, Facts.Now.AddSeconds(15))
            .Observe(true, Facts.Now.AddSeconds(20));

        Assert.Equal((true, Facts.Now.AddSeconds(10)), (alarm.Raised, alarm.Since));
    }
}
