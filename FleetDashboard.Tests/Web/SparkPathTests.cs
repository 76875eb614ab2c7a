using FleetDashboard.Contracts;
using FleetDashboard.Web.Components.Shared;
using Xunit;

namespace FleetDashboard.Tests.Web;

public sealed class SparkPathTests
{
    [Fact]
    public void Path_TwoValues_IsOneClosedShapeAcrossTheBox() =>
        Assert.Equal("M-3 40V32H0l300-29H303V40z", SparkPath.Draw(new Trend(60, [0, 1]), 1));

    [Fact]
    public void Path_WithAGap_DrawsNothingThere()
    {
        var path = SparkPath.Draw(new Trend(60, [1, 1, null, 1, 1]), 1)!;

        Assert.Equal(2, path.Count(c => c == 'M'));
        Assert.Equal(2, path.Count(c => c == 'z'));
    }

    [Fact]
    public void Path_FewerThanTwoValues_IsNull() => Assert.Null(SparkPath.Draw(new Trend(60, [null, 1, null]), 1));

    [Fact]
    public void Path_TinyValues_LookTiny() =>
        Assert.DoesNotContain("-", SparkPath.Draw(new Trend(60, [0.0001f, 0.0002f, 0.0001f]), 2)![4..]);

    [Fact]
    public void Path_SixtyValues_StayWithinTheByteBudget() =>
        Assert.True(SparkPath.Draw(Support.Snapshots.Fleet().Apps[^1].CpuTrend, 2)!.Length < 420);
}
