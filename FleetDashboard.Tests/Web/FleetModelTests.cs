using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Pages.Fleet;
using FleetDashboard.Web.Components.Shared;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>The content of the Fleet page, derived from the view.</summary>
public sealed class FleetModelTests
{
    [Fact]
    public void Verdict_NoAnswerYet_IsGreyAndSaysSo()
    {
        var verdict = VerdictModel.From(FleetView.Nothing);

        Assert.Equal((HealthColor.Grey, "Reading the fleet"), (verdict.Color, verdict.Headline));
    }

    [Fact]
    public void Verdict_Current_IsTheCollectors()
    {
        var verdict = VerdictModel.From(Live(Snapshots.Fleet()));

        Assert.Equal((HealthColor.Red, "1 app is down, 1 is struggling"), (verdict.Color, verdict.Headline));
        Assert.Equal("2 of 15 need attention · Fleet", verdict.Title);
        Assert.Equal("13 of 15", verdict.Facts[0].Value);
    }

    [Fact]
    public void Verdict_AllGreen_IsTheTitleToo() =>
        Assert.Equal(
            "All green · Fleet",
            VerdictModel.From(Live(Snapshots.Create([Snapshots.App("web", Snapshots.Container("web", "web"))]))).Title
        );

    [Fact]
    public void Verdict_CollectorUnreachable_IsGreySinceThen()
    {
        var since = Snapshots.At.AddMinutes(1);
        var verdict = VerdictModel.From(
            Live(Snapshots.Fleet()) with
            {
                Connection = ConnectionState.Unreachable,
                UnreachableSince = since,
                Error = "It is gone.",
            }
        );

        Assert.Equal(
            (HealthColor.Grey, "Collector does not answer", since, "It is gone."),
            (verdict.Color, verdict.Headline, verdict.Since!.Value, verdict.Detail)
        );
        Assert.Equal(Snapshots.At, verdict.LastKnown);
        Assert.Empty(verdict.Causes);
        Assert.StartsWith("Collector does not answer", verdict.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Verdict_EngineStale_IsGreySinceThen()
    {
        var view = Live(Snapshots.Fleet() with { Stale = true, StaleSince = Snapshots.At, StaleReason = "No socket." });

        Assert.False(view.IsCurrent);
        Assert.Equal(
            (HealthColor.Grey, "Engine does not answer", "No socket."),
            (VerdictModel.From(view).Color, VerdictModel.From(view).Headline, VerdictModel.From(view).Detail)
        );
    }

    [Fact]
    public void Verdict_NoContainers_IsNotGreen() => Assert.Equal(HealthColor.Grey, VerdictModel.From(Live(Snapshots.Create([]))).Color);

    [Fact]
    public void Card_SameDisplay_IsEqual()
    {
        var (one, two) = (Snapshots.Fleet(1), Snapshots.Fleet(2));

        Assert.All(one.Apps.Zip(two.Apps), pair => Assert.Equal(Card(pair.First), Card(pair.Second)));
    }

    [Fact]
    public void Card_ChangeBelowWhatIsDisplayed_IsEqual()
    {
        var app = Snapshots.App("web", Snapshots.Container("web", "web")) with { CpuCores = 0.4501, MemoryBytes = 50_000_000 };

        Assert.Equal(Card(app), Card(app with { CpuCores = 0.4503, MemoryBytes = 50_000_900 }));
        Assert.NotEqual(Card(app), Card(app with { CpuCores = 0.46 }));
    }

    [Fact]
    public void Card_ManyReasons_AreCapped()
    {
        var app = Snapshots.App(
            "web",
            [.. Enumerable.Range(0, 7).Select(i => Snapshots.Container("web", $"w{i}", HealthColor.Red, "exited", why: "exited 1"))]
        );

        Assert.Equal((4, 3), (Card(app).Reasons.Count, Card(app).MoreReasons));
    }

    [Fact]
    public void Card_Ports_ShowLoopbackConflictAndProtocol()
    {
        var app = Snapshots.App("web", Snapshots.Container("web", "web"), Snapshots.Database("web")) with
        {
            Ports =
            [
                new("0.0.0.0", 18080, "tcp", "web-web-1", 80, true),
                new("::", 18080, "tcp", "web-web-1", 80, false),
                new("127.0.0.1", 5432, "tcp", "web-db-1", 5432, false),
                new("10.0.0.4", 53, "udp", "web-web-1", 53, false),
            ],
        };

        Assert.Equal(
            [":18080 web · conflict", ":5432 db · local", "10.0.0.4:53 web · udp"],
            Card(app).Tags.Select(tag => $"{tag.Strong} {tag.Text}")
        );
    }

    [Theory]
    [InlineData(null, null, "password refused", "MySQL: password refused")]
    [InlineData(null, null, null, "MySQL not measured yet")]
    [InlineData(8_400_000L, null, null, "MySQL 8 MiB")]
    [InlineData(8_400_000L, 1_258_291L, null, "MySQL 8 MiB · +1.2 MiB a day")]
    [InlineData(8_400_000L, -1_258_291L, null, "MySQL 8 MiB · −1.2 MiB a day")]
    [InlineData(8_400_000L, 500L, null, "MySQL 8 MiB")]
    [InlineData(8_400_000L, null, "stopped", "MySQL 8 MiB")]
    public void Card_Database_ShowsItsSizeAndGrowthOrWhyNot(long? bytes, long? growth, string? error, string text)
    {
        var app = Snapshots.App("web", Snapshots.Database("web")) with
        {
            Databases = [new("web-db-1", "mysql", "shop", bytes, null, error, growth)],
        };

        var tag = Assert.Single(Card(app).Tags);
        Assert.Equal(text, tag.Text);
        Assert.Equal(error is not null && bytes is not null, tag.Tip!.Contains("not measured again: stopped", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("billing", true)]
    [InlineData("BILLING postgres", true)]
    [InlineData("18080", true)]
    [InlineData("172.31.8", true)]
    [InlineData("memory 93", true)]
    [InlineData("acme/worker:3", true)]
    [InlineData("billing wiki", false)]
    public void Search_SeveralTerms_AllMustMatch(string text, bool found)
    {
        var card = Card(Snapshots.Fleet().Apps.Single(app => app.Name == "billing"));

        Assert.Equal(found, FleetQuery.Parse(null, text, null, null, null).Shows(card, FleetPageModel.From(Views.From(Snapshots.Fleet()))));
    }

    [Theory]
    [InlineData("red", HealthColor.Red)]
    [InlineData("GREY", HealthColor.Grey)]
    [InlineData("purple", null)]
    [InlineData("1", null)]
    [InlineData(null, null)]
    public void Query_Show_AcceptsAColourOrAll(string? show, HealthColor? expected) =>
        Assert.Equal(expected, FleetQuery.Parse(show, null, null, null, null).Show);

    [Fact]
    public void Anchor_UntrustedName_IsAValidId() => Assert.Equal("app-a.20.22.3e", Views.Placed(Snapshots.App("a \">")).Anchor);

    [Fact]
    public void Row_StatsOverdue_ShowTheirAge()
    {
        var container = Snapshots.Container("web", "web") with { SampledAt = Snapshots.At.AddSeconds(-42), Overdue = true };

        Assert.Equal("42 s old", ContainerRow.From(container, Snapshots.Fleet()).Overdue);
        Assert.Null(ContainerRow.From(container with { Overdue = false }, Snapshots.Fleet()).Overdue); // The Collector alone decides.
    }

    [Fact]
    public void Row_Limits_AreShownWithTheShare()
    {
        var row = ContainerRow.From(
            Snapshots.Container("web", "web") with
            {
                CpuCores = 0.05,
                CpuLimitCores = 0.5,
                MemoryBytes = 32 << 20,
                MemoryLimitBytes = 64 << 20,
            },
            Snapshots.Fleet()
        );

        Assert.Equal(("0.05 of 0.5", "10 %", "32 of 64 MiB", "50 %"), (row.Cpu, row.CpuShare, row.Memory, row.MemoryShare));
    }

    private static HostView Live(FleetSnapshot snapshot) => Views.Live(snapshot);

    private static AppCardModel Card(AppSnapshot app) => AppCards.Create(Views.Placed(app));
}
