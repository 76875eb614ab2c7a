using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

[Trait("Category", "Browser")]
public sealed class NetworksPageTests(BrowserFixture browser)
{
    [Fact]
    public async Task Page_ShowsEveryNetwork_AsPictureAndTable()
    {
        await using var visit = await StartAsync();
        var picture = visit.Page.Locator(".map");

        await Expect(picture).ToHaveAttributeAsync("role", "img");
        await Expect(picture.Locator(".line").First).ToContainTextAsync("172.17.0.0/16");
        await Expect(picture.Locator(".line").Filter(new() { HasText = "edge_default" }).First).ToContainTextAsync("251 free");
        await Expect(picture.Locator(".lane")).ToHaveCountAsync(3);
        var row = visit.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "172.31.42.128/28" }).Filter(new() { HasText = "internal" });
        await Expect(row).ToContainTextAsync("overlaps edge_default 172.31.42.0/24");
        await row.Locator("summary").ClickAsync();
        await Expect(row).ToContainTextAsync("172.31.42.130 edge-dns-1: healthy, on 2 networks");
        await row.GetByRole(AriaRole.Link, new() { Name = "edge" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("edge");
        Assert.Empty(visit.ConsoleErrors);
    }

    [Fact]
    public async Task Overlaps_AreListedOnTop_AndCanBeFiltered()
    {
        await using var visit = await StartAsync();

        await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Overlaps" }))
            .ToContainTextAsync("edge_default and edge_admin overlap.");
        await visit.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Overlaps") }).ClickAsync();
        await Expect(visit.Page.Locator(".line")).ToHaveCountAsync(4);
        await Expect(visit.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("show=overlaps"));
    }

    [Fact]
    public async Task FreeSubnets_SizeChosen_HaveThatSize()
    {
        await using var visit = await StartAsync();
        var finder = visit.Page.GetByRole(AriaRole.Group, new() { Name = "Free subnets to use next" });

        await Expect(finder).ToContainTextAsync("172.31.0.0/24");
        await finder.GetByLabel("Size of the subnet").SelectOptionAsync("28");
        await Expect(finder).ToContainTextAsync("172.31.0.0/28");
        await finder.GetByLabel("Size of the subnet").SelectOptionAsync("64");
        await Expect(finder).ToContainTextAsync("fd00:42:0:1::/64");
        await Expect(visit.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("size=64"));
    }

    [Fact]
    public async Task TwoHundredNetworks_CanBeSortedAndFiltered()
    {
        await using var visit = await StartAsync(snapshot: PlaceFleets.ManyNetworks(200));

        var html = await (await visit.Context.APIRequest.GetAsync(new Uri(visit.App.Url, "/networks").ToString())).TextAsync();
        TestContext.Current.SendDiagnosticMessage("Networks: first HTML of 200 is {0} bytes", html.Length);
        Assert.InRange(html.Length, 50_000, 1_200_000);
        await Expect(visit.Page.Locator(".line")).ToHaveCountAsync(200);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Network", Exact = true }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Network", Exact = true }).ClickAsync();
        await Expect(visit.Page.Locator("tbody tr").First).ToContainTextAsync("app-199_default");
        await visit.Page.GetByRole(AriaRole.Searchbox).FillAsync("172.20.17.");
        await Expect(visit.Page.Locator(".line")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Stats_Change_NothingIsRenderedAgain()
    {
        await using var visit = await StartAsync(snapshot: PlaceFleets.Fleet(1));
        var bytes = 0;
        visit.Page.WebSocket += (_, socket) =>
            socket.FrameReceived += (_, frame) => bytes += frame.Binary?.Length ?? frame.Text?.Length ?? 0;
        await visit.ReloadAsync();
        await Expect(visit.Page.Locator(".line").First).ToBeVisibleAsync();
        bytes = 0;

        visit.Collector.Push(PlaceFleets.Fleet(2));
        visit.Collector.Push(PlaceFleets.Fleet(3) with { Stale = true, StaleSince = Snapshots.At, StaleReason = "It is gone." });
        await Expect(visit.Page.GetByText("It is gone.")).ToBeVisibleAsync();

        Assert.InRange(bytes, 1, 6_000);
    }

    [Fact]
    public async Task Phone_Page_FitsTheScreenAndIsAccessible()
    {
        await using var visit = await StartAsync(width: 390);

        Assert.Equal(390, await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        await Accessibility.AssertInBothThemesAsync(visit.Page);
    }

    private async Task<Visit> StartAsync(FleetSnapshot? snapshot = null, int width = 1440)
    {
        var visit = await Visit.StartAsync(
            browser,
            snapshot ?? PlaceFleets.Fleet(at: TimeProvider.System.GetUtcNow()),
            "/networks",
            new()
            {
                ViewportSize = new() { Width = width, Height = 1000 },
            }
        );
        await visit.BecomeInteractiveAsync();
        return visit;
    }
}
