using FleetDashboard.Contracts;
using FleetDashboard.Web.Components.Shared;
using Xunit;

namespace FleetDashboard.Tests.Web;

public sealed class FormattingTests
{
    [Fact]
    public void Meter_OwnLimit_IsMeasuredAgainstIt() =>
        Assert.Equal(new Meter("0.25", "of 0.5 cores", 50, false), Meter.Cpu(0.25, 0.5, 8, false));

    [Fact]
    public void Meter_NoLimit_IsMeasuredAgainstTheHost() =>
        Assert.Equal(new Meter("0.25", "of 8 cores", 3, false), Meter.Cpu(0.25, null, 8, false));

    [Fact]
    public void Meter_NoValue_IsNotZero() =>
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
    public void State_Any_HasItsOwnText(string state, string healthcheck, int? exit, HealthColor color, string expected) =>
        Assert.Equal(
            expected,
            StateText.Describe(Support.Snapshots.Container("a", "b", color, state, healthcheck) with { ExitCode = exit })
        );
}
