using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Components.Pages.Apps;
using Xunit;

namespace FleetDashboard.Tests.Web;

public sealed class AppChartsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    private static readonly AppSnapshot App = Snapshots.App("web", Snapshots.Container("web", "web"));

    [Theory]
    [InlineData(ChartUnit.Cores, 0.31, null, "0.4 cores", "0.2 cores")]
    [InlineData(ChartUnit.Cores, 0.61, 1.0, "1 core", "0.5 cores")]
    [InlineData(ChartUnit.Cores, 0.1, 4.0, "0.1 cores", "0.05 cores")]
    [InlineData(ChartUnit.Cores, 0, null, "0.02 cores", "0.01 cores")]
    [InlineData(ChartUnit.Bytes, 119 * 1048576d, null, "128 MiB", "64 MiB")]
    [InlineData(ChartUnit.Bytes, 140 * 1048576d, 192 * 1048576d, "192 MiB", "96 MiB")]
    [InlineData(ChartUnit.Rate, 63_000, null, "64 KiB/s", "32 KiB/s")]
    public void Axis_AnyValues_EndsAtARoundNumber(ChartUnit unit, double largest, double? limit, string top, string middle)
    {
        var axis = ChartAxis.For(unit, largest, limit);

        Assert.Equal((top, middle), (axis.Top, axis.Middle));
    }

    [Fact]
    public void Line_WithGaps_HasOneSegmentPerRun() =>
        Assert.Equal("M0 1000l0 0 359-500M1077 0l0 0 359 1000", TracePath.Line([0, 0.5f, null, 1, 0], 1));

    [Fact]
    public void Area_IsClosedAtTheBottom() => Assert.Equal("M0 1000l0 0 718-500 718 500V1000H0z", TracePath.Area([0, 0.5f, 0], 1));

    [Fact]
    public void Line_OfAnHour_StaysWithinItsByteBudget() => Assert.InRange(TracePath.Line(Histories.Wave(1, 1), 2).Length, 500, 2600);

    [Fact]
    public void Window_HistoryEndedEarlier_EndsNow()
    {
        var detail = Histories.Create(App, Now);
        var window = ChartWindow.Create(detail.History, Now.AddMinutes(20));
        var cpu = window.Align(detail.History, detail.History.CpuCores);

        Assert.Equal(Now.AddMinutes(20), window.Until);
        Assert.All(cpu.Skip(240), value => Assert.Null(value));
        Assert.Equal(detail.History.CpuCores[120], cpu[0]);
    }

    [Fact]
    public void Window_NoHistory_IsEmpty()
    {
        var charts = AppCharts.From(new AppDetail(App, new History(DateTimeOffset.UnixEpoch, 10, [], [], [], [], [], []), []), Now);

        Assert.All(charts.Charts, chart => Assert.True(chart.IsEmpty));
        Assert.Equal(Now, charts.Window.Until);
    }

    [Fact]
    public void Summary_NamesTheValuesOfTheChart() =>
        Assert.Matches(
            @"^between 0\.\d\d cores and 0\.\d\d cores in the last hour, 0\.\d\d cores on average\.$",
            Charts().Charts[0].Summary
        );

    [Fact]
    public void Limit_WithinTheChart_IsDrawn()
    {
        var charts = AppCharts.From(
            Histories.Create(App with { CpuCores = 0.6, CpuLimitCores = 1, MemoryBytes = 1 << 20, MemoryLimitBytes = 1L << 34 }, Now),
            Now
        );

        Assert.Equal(("0%", "1 core"), (charts.Charts[0].Limit, charts.Charts[0].LimitText));
        Assert.Null(charts.Charts[1].Limit);
    }

    [Fact]
    public void Table_HasADozenRows_NewestFirst()
    {
        var table = Charts().Table;

        Assert.Equal(12, table.Length);
        Assert.Equal(Now.AddMinutes(-5), table[0].From);
        Assert.Contains("KiB/s", table[0].Sent, StringComparison.Ordinal);
    }

    [Fact]
    public void Markers_AtOneTime_AreOneLineOfTheWorstColour()
    {
        var window = Charts().Window;
        StateChange[] changes =
        [
            Change(-30, StateChangeKinds.Restarted),
            Change(-30.01, StateChangeKinds.Failed),
            Change(-90, StateChangeKinds.Failed),
        ];

        var mark = Assert.Single(ChangeMarker.All(changes, window, new Dictionary<string, string> { ["web-web-1"] = "web" }));
        Assert.Equal((HealthColor.Red, "web failed +1"), (mark.Color, mark.Label));
        Assert.Equal("49.98%", mark.X);
    }

    [Fact]
    public void Markers_OfARestartLoop_AreLabelledWhereThereIsSpace()
    {
        var marks = ChangeMarker.All(
            [.. Enumerable.Range(0, 60).Select(i => Change(-i, StateChangeKinds.Restarted))],
            Charts().Window,
            new Dictionary<string, string>()
        );

        Assert.InRange(marks.Count(mark => mark.Label is not null), 2, 5);
        Assert.True(marks[^1].Label is null || marks[^1].FlipLabel);
    }

    private static AppCharts Charts() => AppCharts.From(Histories.Create(App with { CpuCores = 0.5 }, Now), Now);

    private static StateChange Change(double minutes, string what) => new(Now.AddMinutes(minutes), "web-web-1", what, what);
}
