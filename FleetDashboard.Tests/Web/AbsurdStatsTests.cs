using System.Text.Json;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Pages.Activity;
using FleetDashboard.Web.Components.Pages.Apps;
using FleetDashboard.Web.Components.Pages.Fleet;
using FleetDashboard.Web.Components.Pages.Networks;
using FleetDashboard.Web.Components.Pages.Ports;
using FleetDashboard.Web.Components.Shared;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>
/// A Collector repeats what engines, databases and images report. Whatever they report, every page can be built from it and shows only
/// values that a host can have.
/// </summary>
public sealed class AbsurdStatsTests
{
    public static TheoryData<string, bool> Kinds() => [.. Absurd.Kinds.Keys.SelectMany(kind => new[] { (kind, true), (kind, false) })];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryModel_AbsurdValues_CanBeBuilt(string kind, bool cleaned)
    {
        var absurd = Absurd.Corrupt(PlaceFleets.Fleet(), Absurd.Kinds[kind]);
        var host = Views.Live(cleaned ? Received.Clean(absurd) : absurd);
        // Several hosts sum up what each of them reports.
        var view = FleetView.Merge(
            [
                host,
                host with
                {
                    Collector = new Uri("http://other:5081"),
                    Snapshot = host.Snapshot! with { Host = host.Snapshot.Host with { Name = "other" } },
                },
            ],
            []
        );

        var page = FleetPageModel.From(view);
        var detail = Absurd.Corrupt(Histories.Create(view.Apps[0].App, Snapshots.At), Absurd.Kinds[kind]);
        var charts = AppCharts.From(cleaned ? Received.Clean(detail) : detail, host.Snapshot!.TakenAt);
        List<object> all =
        [
            page.Verdict,
            page.Cards,
            NetworkMap.From(view).Rows.Select(row => (row.Free, row.Full)),
            PortRow.All(view),
            PortConflict.All(view),
            FreePort.Near(18010, "tcp", "0.0.0.0", FreePort.Claims(view.Hosts)),
            .. view
                .Apps.SelectMany(app => ContainerRow.All(app.App, app.Snapshot))
                .Select(row => (row.Cpu, row.Memory, row.CpuShare, row.MemoryShare, row.Since, row.Overdue))
                .Cast<object>(),
            .. view
                .Apps.Select(app =>
                    (
                        AppStats.Cpu(app.App, app.Snapshot.Host),
                        AppStats.Memory(app.App, app.Snapshot.Host),
                        AppStats.Network(app.App),
                        AppStats.Disk(app.App)
                    )
                )
                .Cast<object>(),
            .. charts
                .Charts.Select(chart => (chart.Summary, chart.LimitText, chart.Axis.Top, chart.Axis.Middle, chart.Traces))
                .Cast<object>(),
            charts.Markers,
            charts.Table,
        ];

        var text = JsonSerializer.Serialize(all, Readable);
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", text, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\d{16}", System.Text.RegularExpressions.Regex.Replace(text, "[0-9a-f]{12}|[.][0-9]+", ""));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void RecordsAndJobs_AbsurdValues_CanBeShown(string kind, bool cleaned)
    {
        var record = Absurd.Corrupt(FakeJobs.Record(1, "ann", "restart", "shop", AuditPhases.Outcome, "failed"), Absurd.Kinds[kind]);
        var job = Absurd.Corrupt(FakeJobs.Running("shop", progress: 0.5), Absurd.Kinds[kind]);

        Assert.NotNull(TrailRow.TookOf(cleaned ? Received.Clean(new AuditPage([record], null)).Records[0] : record));
        Assert.NotNull(Format.Duration(Format.Seconds((Snapshots.At - (cleaned ? Received.Clean(job) : job).CreatedAt).TotalSeconds)));
    }

    [Fact]
    public void Clean_PlausibleValues_AreUnchanged()
    {
        var fleet = PlaceFleets.Fleet();

        Assert.Equal(
            JsonSerializer.Serialize(fleet, ContractsJson.Default.FleetSnapshot),
            JsonSerializer.Serialize(Received.Clean(fleet), ContractsJson.Default.FleetSnapshot)
        );
        // Keep the gaps: without them the history would be drawn at other times.
        var detail = Histories.Create(fleet.Apps[0], Snapshots.At);
        Assert.Equal(
            JsonSerializer.Serialize(detail, ContractsJson.Default.AppDetail),
            JsonSerializer.Serialize(Received.Clean(detail), ContractsJson.Default.AppDetail)
        );
    }

    [Fact]
    public void Clean_MissingListsAndDuplicateKeys_AreAccepted()
    {
        var app = Snapshots.App("twice", Snapshots.Container("twice", "web"), Snapshots.Container("twice", "web"));
        var snapshot = Snapshots.Create([app, app]) with { Networks = default, Warnings = default };

        var clean = Received.Clean(snapshot);

        Assert.Single(clean.Apps);
        Assert.Single(clean.Apps[0].Containers);
        Assert.Empty(clean.Networks);
        Assert.NotNull(FleetPageModel.From(FleetView.Merge([Views.Live(clean)], [])));
    }

    [Fact]
    public void Clean_DatabaseOfImpossibleSize_HasAReasonInsteadOfASize()
    {
        var app = Snapshots.App("shop", Snapshots.Database("shop")) with
        {
            Databases = [new("shop-db-1", "redis", "memory", long.MaxValue, Snapshots.At, null, long.MinValue)],
        };

        var database = Received.Clean(Snapshots.Create([app])).Apps[0].Databases[0];

        Assert.Null(database.Bytes);
        Assert.Null(database.GrowthBytes);
        Assert.Equal("the size it told cannot be right", database.Error);
    }

    [Theory]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue)]
    [InlineData(long.MinValue, -1, long.MinValue)]
    [InlineData(long.MaxValue, long.MinValue, -1)]
    [InlineData(2, 3, 5)]
    public void Sum_Overflow_StopsAtTheLargestNumber(long one, long other, long expected) =>
        Assert.Equal(expected, Saturating.Sum([one, other]));

    [Fact]
    public void Facts_ValueMissing_SaysSo()
    {
        var whole = Snapshots.Create([Snapshots.App("shop", Snapshots.Container("shop", "web"), Snapshots.Container("shop", "api"))]);
        var gap = Snapshots.Create([
            Snapshots.App("shop", Snapshots.Container("shop", "web"), Snapshots.Container("shop", "api") with { MemoryBytes = null }),
        ]);

        Assert.Contains(new Fact("48 MiB of 23.5 GiB", "memory used"), Fact.Sums([Views.Live(whole)]));
        Assert.Contains(Fact.Sums([Views.Live(gap)]), fact => fact.Label == "memory used, without 1 container");
        Assert.Equal("≥ 24 MiB", AppCards.Create(FleetView.Merge([Views.Live(gap)], []).Apps[0]).Memory.Value);
    }

    [Theory]
    [InlineData(double.NaN, "– B", "–")]
    [InlineData(double.PositiveInfinity, "1024 EiB", "1000000.0")]
    [InlineData(double.MaxValue, "1024 EiB", "1000000.0")]
    [InlineData(double.NegativeInfinity, "0 B", "0.00")]
    public void Formatters_AnyNumber_ReturnText(double value, string bytes, string cores)
    {
        Assert.Equal(bytes, Format.Bytes(value));
        Assert.Equal(cores, Format.Cores(value));
        Assert.NotNull(Format.Duration(Format.Seconds(value)));
        Assert.NotNull(Format.Duration(TimeSpan.MinValue));
        Assert.NotNull(Format.Duration(TimeSpan.MaxValue));
    }

    private static readonly JsonSerializerOptions Readable = new()
    {
        IncludeFields = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };
}
