using FleetDashboard.Collector.Sampling;
using Xunit;

namespace FleetDashboard.Tests.Collector.Sampling;

public sealed class SamplingOptionsTests
{
    [Theory]
    [InlineData("00:00:05", null, "00:00:30")]
    [InlineData("00:05:00", null, "00:05:00")]
    [InlineData("00:00:05", "00:01:00", "00:01:00")]
    public void IdlePace_UnlessSet_Is30SecondsAndNeverFasterThanTheInterval(string interval, string? idle, string pace)
    {
        var options = new SamplingOptions { Interval = Time(interval), IdleInterval = idle is null ? null : Time(idle) };

        Assert.Equal(Time(pace), options.IdlePace);
        Assert.True(new SamplingOptionsValidator().Validate(null, options).Succeeded);
    }

    [Fact]
    public void Errors_AreAllReportedWithTheNameOfTheSetting()
    {
        var result = new SamplingOptionsValidator().Validate(
            null,
            new SamplingOptions
            {
                Interval = TimeSpan.FromSeconds(10),
                IdleInterval = TimeSpan.FromSeconds(5),
                IdleAfter = TimeSpan.Zero,
                Source = "cgroups",
                CgroupRoot = "sys/fs/cgroup",
                ProcRoot = "",
            }
        );

        Assert.Equal(
            [
                "Sampling:IdleInterval is 00:00:05",
                "Sampling:IdleAfter is 00:00:00",
                "Sampling:Source is 'cgroups'",
                "Sampling:CgroupRoot is 'sys/fs/cgroup'",
                "Sampling:ProcRoot is ''",
            ],
            result.Failures!.Select(failure => failure.Split(';')[0])
        );
    }

    private static TimeSpan Time(string text) => TimeSpan.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
