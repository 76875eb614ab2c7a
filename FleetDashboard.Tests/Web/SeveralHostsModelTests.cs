using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Pages.Fleet;
using FleetDashboard.Web.Components.Pages.Networks;
using FleetDashboard.Web.Components.Pages.Ports;
using FleetDashboard.Web.Components.Shared;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>The content of pages for several hosts, derived from the view of each.</summary>
public sealed class SeveralHostsModelTests
{
    private static readonly HostView One = Views.Live(TwoHosts.One(), "lab-1");
    private static readonly HostView Two = Views.Live(TwoHosts.Two(), "lab-2");

    [Fact]
    public void Verdict_AllHostsHealthy_IsGreenAndCountsAll()
    {
        var verdict = VerdictModel.From(Views.From(One, Two));

        Assert.Equal(
            (HealthColor.Green, "All 4 apps are green", "4 apps on 2 hosts, nothing needs you.", "All green · Fleet"),
            (verdict.Color, verdict.Headline, verdict.Detail, verdict.Title)
        );
        Assert.Equal(
            ["2 of 2 hosts answer", "4 of 4 apps green", "4 of 4 containers up", "0.04 of 4 cores used"],
            verdict.Facts.Take(4).Select(fact => $"{fact.Value} {fact.Label}")
        );
    }

    [Fact]
    public void Verdict_OneAppRed_NamesTheAppAndItsHost()
    {
        var verdict = VerdictModel.From(Views.From(One, Views.Live(TwoHosts.Two(HealthColor.Red), "lab-2")));

        Assert.Equal((HealthColor.Red, "1 app is down", "1 of 4 need attention · Fleet"), (verdict.Color, verdict.Headline, verdict.Title));
        Assert.Equal("wiki on lab-2", Assert.Single(verdict.Causes).App);
    }

    [Fact]
    public void Verdict_OneHostSilent_IsNotGreenAndShowsTheRest()
    {
        var verdict = VerdictModel.From(Views.From(One, Views.Silent(TwoHosts.Two(), "lab-2")));

        Assert.Equal(
            (HealthColor.Amber, "lab-2 does not answer", Snapshots.At.AddMinutes(1)),
            (verdict.Color, verdict.Headline, verdict.Since!.Value)
        );
        Assert.Equal("All 2 apps are green on the host that answers.", verdict.Detail);
        Assert.Equal(["1 of 2 hosts answer", "2 of 2 apps green"], verdict.Facts.Take(2).Select(fact => $"{fact.Value} {fact.Label}"));
        Assert.Equal("lab-2 does not answer · Fleet", verdict.Title);
    }

    [Fact]
    public void Verdict_OneHostSilentAndOneAppRed_NamesBoth()
    {
        var verdict = VerdictModel.From(
            Views.From(Views.Live(TwoHosts.One(HealthColor.Red), "lab-1"), Views.Silent(TwoHosts.Two(HealthColor.Red), "lab-2"))
        );

        // An app that was red on the silent host may be healthy by now, so it is not counted.
        Assert.Equal((HealthColor.Red, "1 app is down; lab-2 does not answer"), (verdict.Color, verdict.Headline));
    }

    [Fact]
    public void Verdict_AllSilent_IsGreyWithTheOldestState()
    {
        var view = Views.From(Views.Silent(TwoHosts.One(), "lab-1"), Views.Silent(TwoHosts.Two(at: Snapshots.At.AddMinutes(-5)), "lab-2"));
        var verdict = VerdictModel.From(view);

        Assert.False(view.IsCurrent);
        Assert.Equal(
            (HealthColor.Grey, "No host answers", Snapshots.At.AddMinutes(-5)),
            (verdict.Color, verdict.Headline, verdict.LastKnown!.Value)
        );
    }

    [Fact]
    public void Verdict_OneHostWithoutAnAnswerYet_SaysSo()
    {
        var verdict = VerdictModel.From(Views.From(One, HostView.Nothing(new Uri("http://lab-2.test:5081"), "lab-2")));

        Assert.Equal((HealthColor.Green, "2 apps on 1 of 2 hosts; the rest has not answered yet."), (verdict.Color, verdict.Detail));
    }

    [Fact]
    public void Cards_SameNameOnTwoHosts_AreTwoWithTheirHosts()
    {
        var page = FleetPageModel.From(Views.From(One, Two));

        Assert.Equal(["lab-1/only-a", "lab-2/only-b", "lab-1/wiki", "lab-2/wiki"], page.Cards.Select(card => card.Key));
        Assert.Equal(4, page.Cards.Select(card => card.Anchor).Distinct().Count());
        Assert.Equal(
            ["apps/wiki?host=lab-1", "apps/wiki?host=lab-2"],
            page.Cards.Where(card => card.Name == "wiki").Select(card => card.Href)
        );
        Assert.Equal(4, page.Cards.Select(card => card.Menu.Id).Distinct().Count());
        Assert.Equal("lab-2", page.App("lab-2/wiki")!.Host.Name);
    }

    [Fact]
    public void Cards_OfASilentHost_StayBeforeGreenOnesAndAreNotCounted()
    {
        var page = FleetPageModel.From(
            Views.From(Views.Live(TwoHosts.One(HealthColor.Red), "lab-1"), Views.Silent(TwoHosts.Two(HealthColor.Red), "lab-2"))
        );

        Assert.Equal(["lab-1/wiki", "lab-2/only-b", "lab-2/wiki", "lab-1/only-a"], page.Cards.Select(card => card.Key));
        Assert.Equal((1, 1), (page.Count(HealthColor.Red), page.Count(HealthColor.Green)));
        Assert.Equal(
            ["lab-1/wiki"],
            page.Cards.Where(card => FleetQuery.Parse("red", null, null, null, null).Shows(card, page)).Select(card => card.Key)
        );
        Assert.Equal(
            ["lab-2/only-b", "lab-2/wiki"],
            page.Cards.Where(card => FleetQuery.Parse(null, null, "lab-2", null, null).Shows(card, page)).Select(card => card.Key)
        );
    }

    [Fact]
    public void OneHost_IsNamedNowhere()
    {
        var page = FleetPageModel.From(Views.From(One));

        Assert.All(page.Cards, card => Assert.Null(card.Host));
        Assert.Equal(["apps/only-a", "apps/wiki"], page.Cards.Select(card => card.Href).Order());
        Assert.Equal("a warning of lab-1", Assert.Single(page.View.HostWarnings()));
    }

    [Fact]
    public void Model_SameView_IsBuiltOnceForAllViewers()
    {
        var view = Views.From(One, Two);

        Assert.Same(FleetPageModel.From(view), FleetPageModel.From(view));
    }

    [Fact]
    public void View_OfAnUnchangedHost_KeepsItsInstance()
    {
        var before = Views.From(One, Two);
        var after = FleetView.Merge([One, Two with { Snapshot = TwoHosts.Two(HealthColor.Red) }], [], before);

        Assert.Same(before.Hosts[0], after.Hosts[0]);
        Assert.NotSame(before.Hosts[1], after.Hosts[1]);
        Assert.Same(
            FleetPageModel.From(before).Cards.Single(card => card.Key == "lab-1/wiki"),
            FleetPageModel.From(after).Cards.Single(card => card.Key == "lab-1/wiki")
        );
    }

    [Fact]
    public void HostNames_Equal_AreDistinguishedByAddress()
    {
        var view = Views.From(One with { Name = "docker" }, Two with { Name = "docker" });

        Assert.Equal(["docker (lab-1.test:5081)", "docker (lab-2.test:5081)"], view.Hosts.Select(host => host.Name));
    }

    [Fact]
    public void SameEngine_AtTwoAddresses_CountsOnceAndSaysSo()
    {
        var again = Two with { Snapshot = One.Snapshot, Name = "lab-1" };
        var view = Views.From(One, again);

        Assert.Equal(One.Collector, Assert.Single(view.Hosts).Collector);
        Assert.Contains("lab-1.test:5081 and lab-2.test:5081", Assert.Single(view.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void SameEngine_AtANewAddress_ReplacesTheOldOne()
    {
        var view = Views.From(Views.Silent(TwoHosts.One(), "lab-1"), Two with { Snapshot = TwoHosts.One(), Name = "lab-1" });

        Assert.Equal(Two.Collector, Assert.Single(view.Hosts).Collector);
        Assert.Empty(view.Warnings);
    }

    [Fact]
    public void SameEngine_UnderAnotherName_IsOneHostByItsContainers()
    {
        var named = TwoHosts.One() with { Host = TwoHosts.One().Host with { Name = "the-nas" } };
        var view = Views.From(One, Views.Live(named, "the-nas"));

        Assert.Single(view.Hosts);
        Assert.Equal(FleetPageModel.From(Views.From(One)).Verdict.Facts, FleetPageModel.From(view).Verdict.Facts);
        Assert.Contains("shown once", Assert.Single(view.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void SameEngine_OneCollectorIsLate_IsStillOneHost()
    {
        var late = TwoHosts.One();
        var view = Views.From(
            One,
            Views.Live(late with { Apps = [.. late.Apps, Snapshots.App("new", Snapshots.Container("new", "web"))] }, "lab-2")
        );

        Assert.Single(view.Hosts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ClonedMachines_AreBothShownWithAHint(bool isSilent)
    {
        var clone = TwoHosts.Two(HealthColor.Red) with { Host = TwoHosts.One().Host };
        var view = Views.From(
            One,
            isSilent ? Views.Silent(clone, "clone") with { Name = "lab-1" } : Views.Live(clone, "clone") with { Name = "lab-1" }
        );

        Assert.Equal(["lab-1 (lab-1.test:5081)", "lab-1 (clone.test:5081)"], view.Hosts.Select(host => host.Name));
        Assert.StartsWith(
            "The engines at lab-1.test:5081 and clone.test:5081 have the same id but different containers",
            Assert.Single(view.Warnings),
            StringComparison.Ordinal
        );
        Assert.NotEqual(HealthColor.Green, FleetPageModel.From(view).Verdict.Color);
    }

    [Fact]
    public void ClonedMachines_ContainersStartedAtOtherTimes_AreTwoHosts()
    {
        var template = TwoHosts.One();
        var clone = template with
        {
            Apps =
            [
                .. template.Apps.Select(app =>
                    app with
                    {
                        Containers =
                        [
                            .. app.Containers.Select(container => container with { StartedAt = container.StartedAt?.AddSeconds(3) }),
                        ],
                    }
                ),
            ],
        };

        Assert.Equal(2, Views.From(One, Views.Live(clone, "clone")).Hosts.Length);
    }

    [Fact]
    public void ClonedMachines_WithOneStoppedContainer_AreTwoHosts()
    {
        var stopped = Snapshots.Container("setup", "once", HealthColor.Grey, "exited");
        var (one, other) = (TwoHosts.One(), TwoHosts.Two() with { Host = TwoHosts.One().Host });

        Assert.Equal(
            2,
            Views
                .From(
                    Views.Live(one with { Apps = [.. one.Apps, Snapshots.App("setup", stopped)] }, "lab-1"),
                    Views.Live(other with { Apps = [.. other.Apps, Snapshots.App("setup", stopped)] }, "clone")
                )
                .Hosts.Length
        );
    }

    [Fact]
    public void Engines_WithoutAnId_AreNotMerged() =>
        Assert.Equal(2, Views.From(Views.Live(Snapshots.Fleet(), "lab-1"), Views.Live(Snapshots.Fleet(), "lab-2")).Hosts.Length);

    [Fact]
    public void Ports_SameOnTwoHosts_AreNoConflict()
    {
        var view = Views.From(One, Two);

        Assert.Equal(["lab-1", "lab-2"], PortRow.All(view).Select(row => row.Host));
        Assert.Empty(PortConflict.All(view));
        Assert.Equal(18081, FreePort.Near(18080, "tcp", "0.0.0.0", FreePort.Claims(view.Hosts)).Port);
        Assert.Equal("lab-2", Assert.Single(PortRow.All(view), PortQuery.Parse(null, null, null, "lab-2", null, null).Shows).Host);
    }

    [Fact]
    public void Networks_OnTwoHosts_OverlayIsOneAndBridgeIsTwo()
    {
        var map = NetworkMap.From(Views.From(One, Two));

        Assert.Equal(
            ["mesh lab-1, lab-2 2", "wiki_default lab-1 1", "wiki_default lab-2 1"],
            map.Rows.Select(row => $"{row.Name} {row.HostsText} {row.Members}")
        );
        Assert.Empty(map.Overlaps);
        Assert.Equal(("172.18.0.0/24", "lab-1, lab-2"), (Assert.Single(map.Across).Ranges, string.Join(", ", map.Across[0].Hosts)));
    }

    [Fact]
    public void Networks_OverlapAcrossHosts_IsListedByRange()
    {
        var wide = TwoHosts.Two() with { Networks = [new("x", "wide", "bridge", false, [new("172.18.0.0/16", null)], [])] };

        Assert.Equal(
            "172.18.0.0/16 and 172.18.0.0/24",
            Assert.Single(NetworkMap.From(Views.From(One, Views.Live(wide, "lab-2"))).Across).Ranges
        );
    }

    [Fact]
    public void Networks_OverlapOnOneHost_NamesThatHost()
    {
        var own = TwoHosts.One();
        var clash = own with { Networks = [.. own.Networks, new("y", "clash", "bridge", false, [new("172.18.0.128/25", null)], [])] };

        Assert.Equal("lab-1", Assert.Single(NetworkMap.From(Views.From(Views.Live(clash, "lab-1"), Two)).Overlaps).Host);
    }

    [Theory]
    [InlineData("120")]
    [InlineData("lab-1=120&lab-2=77")]
    [InlineData("a%20b%26c=1&d=2")]
    public void Cursor_WrittenAndParsed_IsTheSame(string text) => Assert.Equal(text, TrailCursor.Parse(text)?.ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("lab-1=x")]
    [InlineData("-5")]
    public void Cursor_Malformed_IsTheNewest(string? text) => Assert.Null(TrailCursor.Parse(text));

    [Fact]
    public void Link_ToAHost_IsEncoded() => Assert.Equal("apps/a%26b?host=x%3Dy%26z", Links.App("a&b", "x=y&z"));
}
