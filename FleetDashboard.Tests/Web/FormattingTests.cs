using FleetDashboard.Contracts;
using FleetDashboard.Web.Components.Shared;
using Xunit;

namespace FleetDashboard.Tests.Web;

public sealed class FormattingTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(9.96 * 1024 * 1024, "10 MiB")]
    [InlineData(67_108_864, "64 MiB")]
    [InlineData(1023.7 * 1024 * 1024, "1 GiB")]
    [InlineData(25_276_502_016, "23.5 GiB")]
    [InlineData(-5, "0 B")]
    public void Bytes_AreWrittenInBinaryUnits(double bytes, string expected) => Assert.Equal(expected, Bytes.Text(bytes));

    [Fact]
    public void BytesShare_SameUnit_WritesItOnce() => Assert.Equal(("56", "of 64 MiB"), Bytes.Share(59_000_000, 67_108_864));

    [Fact]
    public void BytesShare_OtherUnit_WritesBoth() => Assert.Equal(("900 MiB", "of 2 GiB"), Bytes.Share(900 * 1048576L, 2 * 1073741824L));

    [Theory]
    [InlineData(0.684, "0.68")]
    [InlineData(0, "0.00")]
    [InlineData(-0.1, "0.00")]
    [InlineData(12.44, "12.4")]
    public void Cores_HaveTheDigitsThatMatter(double cores, string expected) => Assert.Equal(expected, Cores.Text(cores));

    [Theory]
    [InlineData(1, "of 1 core")]
    [InlineData(2, "of 2 cores")]
    [InlineData(0.5, "of 0.5 cores")]
    public void CoresOf_SaysCoreOrCores(double limit, string expected) => Assert.Equal(expected, Cores.OutOf(limit));

    [Theory]
    [InlineData(0.4, "0 s")]
    [InlineData(59.9, "59 s")]
    [InlineData(240, "4 min")]
    [InlineData(3 * 3600, "3 h")]
    [InlineData(3 * 3600 + 20 * 60, "3 h 20 min")]
    [InlineData(5 * 86400 + 7200, "5 d 2 h")]
    [InlineData(400 * 86400, "400 d")]
    public void Durations_HaveTwoUnitsAtMost(double seconds, string expected) =>
        Assert.Equal(expected, Durations.Text(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Meter_OwnLimit_IsMeasuredAgainstIt() =>
        Assert.Equal(new Meter("0.25", "of 0.5 cores", 50, false), Meter.Cpu(0.25, 0.5, 8, false));

    [Fact]
    public void Meter_NoLimit_IsMeasuredAgainstTheHost() =>
        Assert.Equal(new Meter("0.25", "of 8 cores", 3, false), Meter.Cpu(0.25, null, 8, false));

    [Fact]
    public void Meter_NoFigure_IsNoZero() =>
        Assert.Equal(new Meter("–", "of 1 GiB", null, false), Meter.Memory(null, null, 1L << 30, false));

    [Theory]
    [InlineData("running", "none", null, HealthColor.Green, "Running")]
    [InlineData("running", "healthy", null, HealthColor.Green, "Healthy")]
    [InlineData("running", "unhealthy", null, HealthColor.Red, "Unhealthy")]
    [InlineData("running", "starting", null, HealthColor.Amber, "Starting")]
    [InlineData("restarting", "none", 3, HealthColor.Red, "Restarting")]
    [InlineData("exited", "none", 137, HealthColor.Red, "Exited 137")]
    [InlineData("exited", "none", 0, HealthColor.Grey, "Finished")]
    [InlineData("exited", "none", 0, HealthColor.Red, "Exited 0")]
    [InlineData("paused", "none", null, HealthColor.Amber, "Paused")]
    [InlineData("created", "none", null, HealthColor.Grey, "Created")]
    [InlineData("dreaming", "none", null, HealthColor.Grey, "Unknown")]
    public void State_HasAWordOfItsOwn(string state, string healthcheck, int? exit, HealthColor color, string expected) =>
        Assert.Equal(
            expected,
            StateText.Describe(Support.Snapshots.Container("a", "b", color, state, healthcheck) with { ExitCode = exit })
        );
}
