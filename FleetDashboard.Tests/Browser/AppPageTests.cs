using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

[Trait("Category", "Browser")]
public sealed class AppPageTests(BrowserFixture browser)
{
    private const string Hostile = "<img src=x onerror=\"window.hacked=1\">/?#&..";

    [Fact]
    public async Task Page_OfAnApp_ShowsAllItsParts()
    {
        await using var visit = await StartAsync("/apps/billing");

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Billing");
        await Expect(visit.Page).ToHaveTitleAsync("Billing is struggling · Fleet");
        await Expect(visit.Page.GetByText("memory at 93 % of its limit").First).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("[data-chart]")).ToHaveCountAsync(4);
        await Expect(visit.Page.Locator("[data-chart] text").First).ToContainTextAsync("unhealthy");
        await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Ports, networks and images" }))
            .ToContainTextAsync("172.31.8.0/24");
        await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Databases" })).ToContainTextAsync("PostgreSQL");
        await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Changes of the last hour" }))
            .ToContainTextAsync("restarted after it exited with 137 (killed)");
        await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Containers of Billing" }).GetByRole(AriaRole.Row))
            .ToHaveCountAsync(4);
        Assert.Empty(visit.ConsoleErrors);
    }

    [Fact]
    public async Task Metadata_FromTheFile_IsShownWithItsLinks()
    {
        await using var visit = await StartAsync("/apps/edge");

        await Expect(visit.Page.GetByText("owner: platform")).ToBeVisibleAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("^runbook") }))
            .ToHaveAttributeAsync("href", "https://wiki.example.org/edge");
        await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Ports, networks and images" }))
            .ToContainTextAsync(":8443 expected: nobody has it open");
    }

    [Fact]
    public async Task Chart_IsReadByPointerAndByKeyboard_WithoutTheServer()
    {
        await using var visit = await StartAsync("/apps/billing");
        var chart = visit.Page.GetByRole(AriaRole.Slider, new() { NameRegex = new("^Memory of the last hour. between") });
        await chart.WaitForAsync();
        var frames = 0;
        visit.Page.WebSocket += (_, socket) => socket.FrameSent += (_, _) => frames++;

        await chart.HoverAsync(
            new()
            {
                Position = new() { X = 200, Y = 60 },
            }
        );
        await Expect(chart.Locator("output"))
            .ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"^\d\d:\d\d:\d\d  \d+(\.\d)? MiB$"));
        await chart.FocusAsync();
        await chart.PressAsync("Home");
        var first = await chart.GetAttributeAsync("aria-valuetext");
        await chart.PressAsync("End");
        await chart.PressAsync("ArrowLeft");
        await Expect(chart).ToHaveAttributeAsync("aria-valuenow", "358");
        Assert.NotEqual(first, await chart.GetAttributeAsync("aria-valuetext"));
        await chart.PressAsync("Escape");
        await Expect(chart.Locator("output")).ToBeHiddenAsync();
        Assert.Equal(0, frames);
    }

    [Fact]
    public async Task Crosshair_Moved_ShowsTheValuesOfTheHistory()
    {
        await using var visit = await StartAsync("/apps/billing");
        var app = PlaceFleets.Fleet().Apps.Single(app => app.Name == "billing");
        var expected = Histories.Create(app, Snapshots.At).History.CpuCores[0]!.Value;
        var chart = visit.Page.GetByRole(AriaRole.Slider, new() { NameRegex = new("^CPU") });

        await chart.FocusAsync();
        await chart.PressAsync("Home");

        var words = await chart.GetAttributeAsync("aria-valuetext");
        Assert.Equal(
            expected,
            double.Parse(words!.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture),
            0.002
        );
    }

    [Fact]
    public async Task Card_AnyAppName_LinksToTheAppPage()
    {
        var app = Snapshots.App(Hostile, Snapshots.Container("x", "x"));
        await using var visit = await StartAsync("/", Snapshots.Create([app], at: TimeProvider.System.GetUtcNow()));

        await visit.Card(Hostile).GetByRole(AriaRole.Link, new() { Name = Hostile }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(Hostile);
        await Expect(visit.Page.Locator("[data-chart]")).ToHaveCountAsync(4);
        await visit.ReloadAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(Hostile);
        Assert.True(await visit.Page.EvaluateAsync<bool>("() => window.hacked === undefined && !document.querySelector('img')"));
    }

    [Fact]
    public async Task UnknownApp_SaysSo_AndLinksToTheFleet()
    {
        await using var visit = await StartAsync("/apps/gone");

        await Expect(visit.Page.GetByText("No app on lab-1 has this name.")).ToBeVisibleAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Back to the fleet" }).ClickAsync();
        await Expect(visit.Page.Locator("article").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task HistoryRequest_Refused_ShowsTheReasonAndKeepsThePage()
    {
        await using var visit = await StartAsync("/", prepare: collector => collector.Refusal = 409);

        await visit.Page.GotoAsync(new Uri(visit.App.Url, "/apps/billing").ToString());

        await Expect(visit.Page.GetByText("This is what the Collector says is wrong.")).ToBeVisibleAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Containers of Billing" }).GetByRole(AriaRole.Row))
            .ToHaveCountAsync(4);
    }

    [Fact]
    public async Task SecondViewer_SameApp_CausesNoRequestToTheCollector()
    {
        await using var visit = await StartAsync("/apps/billing");
        await Expect(visit.Page.Locator("[data-chart]")).ToHaveCountAsync(4);
        var calls = visit.Collector.AppCalls.Count;

        var second = await visit.Context.NewPageAsync();
        await second.GotoAsync(visit.Page.Url);
        await Expect(second.Locator("[data-chart]")).ToHaveCountAsync(4);

        Assert.InRange(visit.Collector.AppCalls.Count, calls, calls + 1);
        Assert.All(visit.Collector.AppCalls, token => Assert.Equal(WebApp.Admin, token.GetClaim(CollectorToken.NameClaim).Value));
    }

    [Fact]
    public async Task Phone_Page_FitsTheScreenAndIsAccessible()
    {
        await using var visit = await StartAsync("/apps/edge", width: 390);
        await Expect(visit.Page.Locator("[data-chart]")).ToHaveCountAsync(4);

        Assert.Equal(390, await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        await Accessibility.AssertInBothThemesAsync(visit.Page);
    }

    private async Task<Visit> StartAsync(
        string path,
        FleetSnapshot? snapshot = null,
        int width = 1440,
        Action<FakeCollector>? prepare = null
    )
    {
        var visit = await Visit.StartAsync(
            browser,
            snapshot ?? PlaceFleets.Fleet(at: TimeProvider.System.GetUtcNow()),
            path,
            new()
            {
                ViewportSize = new() { Width = width, Height = 1000 },
            }
        );
        prepare?.Invoke(visit.Collector);
        await visit.BecomeInteractiveAsync();
        return visit;
    }
}
