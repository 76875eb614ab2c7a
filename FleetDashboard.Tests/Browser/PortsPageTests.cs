using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

[Trait("Category", "Browser")]
public sealed class PortsPageTests(BrowserFixture browser)
{
    [Fact]
    public async Task Page_ShowsEveryPortOnce_AndConflictsOnTop()
    {
        await using var visit = await StartAsync();

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Ports");
        await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Conflicts" }))
            .ToContainTextAsync("18010/tcp is claimed twice. storefront-web-1 (healthy, on 0.0.0.0) and edge-old-1 (exited 0, on 0.0.0.0)");
        await Expect(Row(visit, "8000–8010")).ToContainTextAsync("all interfaces");
        await Expect(Row(visit, "3868")).ToContainTextAsync("sctp");
        await Expect(Row(visit, "53").First).ToContainTextAsync("one address");
        await Expect(visit.Page.Locator("tr.closed, tr.conflict").Filter(new() { HasText = "not open" })).ToHaveCountAsync(1);
        await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Expected, but no container serves them" }))
            .ToContainTextAsync(":8443/tcp edge nobody has it open");
        await Expect(visit.Page).ToHaveTitleAsync("1 conflict · Ports · Fleet");
        Assert.Empty(visit.ConsoleErrors);
    }

    [Fact]
    public async Task Filters_StayInTheAddress_AndASharedAddressOpensTheSame()
    {
        await using var visit = await StartAsync();

        await visit.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Loopback") }).ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("reach=loopback"));
        await visit.Page.GetByRole(AriaRole.Searchbox).FillAsync("edge");
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(visit.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("reach=loopback.*q=edge|q=edge.*reach=loopback"));

        await visit.ReloadAsync();
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(Row(visit, "9100")).ToBeVisibleAsync();
        await visit.Page.GetByRole(AriaRole.Searchbox).FillAsync("no such thing");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Show all ports" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("");
        await visit.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Conflicts") }).ClickAsync();
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task TwoClicks_WithinOneRoundTrip_BothApply()
    {
        await using var visit = await StartAsync();

        await visit.Page.EvaluateAsync(
            "() => { for (const name of ['Loopback', 'TCP']) "
                + "[...document.querySelectorAll('.chip')].find(chip => chip.textContent.startsWith(name)).click(); }"
        );

        await Expect(visit.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("(?=.*reach=loopback)(?=.*protocol=tcp)"));
        await Expect(visit.Page.Locator(".chip[aria-pressed=true]")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Search_TypedBeforeThePageIsInteractive_Applies()
    {
        await using var visit = await StartAsync();
        var typed = new TaskCompletionSource();
        await visit.Page.RouteAsync(
            "**/_blazor/negotiate*",
            async route =>
            {
                await typed.Task;
                await route.ContinueAsync();
            }
        );
        await visit.Page.ReloadAsync();

        await visit.Page.GetByRole(AriaRole.Searchbox).FillAsync("edge");
        await Expect(visit.Page.Locator(".shell[data-interactive]")).ToHaveCountAsync(0);
        typed.SetResult();

        await Expect(visit.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("q=edge"));
        await Expect(visit.Page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("edge");
        await Expect(visit.Page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
    }

    [Fact]
    public async Task PortTag_LinksToThisPage_AndARowLinksToTheApp()
    {
        await using var visit = await StartAsync("/");

        await visit.Card("storefront").GetByRole(AriaRole.Link, new() { Name = ":18010" }).ClickAsync();
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(2);
        await visit.Page.Locator("tbody").GetByRole(AriaRole.Link, new() { Name = "storefront" }).ClickAsync();

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("storefront");
    }

    [Fact]
    public async Task NextFreePort_WhileTyping_IsShown()
    {
        await using var visit = await StartAsync();
        var finder = visit.Page.GetByRole(AriaRole.Group, new() { Name = "Next free port" });

        await finder.GetByRole(AriaRole.Textbox).FillAsync("8000");
        await Expect(finder).ToContainTextAsync("→ 8011");
        await Expect(finder).ToContainTextAsync("8000 is used by edge-proxy-1");
        await finder.GetByLabel("Protocol").SelectOptionAsync("udp");
        await Expect(finder).ToContainTextAsync("→ 8000");
        await finder.GetByRole(AriaRole.Textbox).FillAsync("x");
        await Expect(finder).ToContainTextAsync("1 to 65535");
    }

    [Fact]
    public async Task Keyboard_OpensThePageAndSorts()
    {
        await using var visit = await StartAsync("/");

        await visit.Page.Keyboard.PressAsync("g");
        await visit.Page.Keyboard.PressAsync("p");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Ports");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Port", Exact = true }).PressAsync("Enter");
        await Expect(visit.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Port", Exact = true }))
            .ToHaveAttributeAsync("aria-sort", "descending");
        await visit.Page.Keyboard.PressAsync("g");
        await visit.Page.Keyboard.PressAsync("n");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Networks");
        await visit.Page.Keyboard.PressAsync("g");
        await visit.Page.Keyboard.PressAsync("f");
        await Expect(visit.Page.Locator("article").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task ThousandPorts_AreSortedAndPagedByAHundred()
    {
        await using var visit = await StartAsync("/ports", PlaceFleets.ManyPorts(1000));

        var html = await (await visit.Context.APIRequest.GetAsync(new Uri(visit.App.Url, "/ports").ToString())).TextAsync();
        TestContext.Current.SendDiagnosticMessage("Ports: first HTML of 1,000 is {0} bytes", html.Length);
        Assert.InRange(html.Length, 10_000, 250_000);
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(100);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Port", Exact = true }).ClickAsync();
        await Expect(visit.Page.Locator("tbody tr").First).ToContainTextAsync("11998");
        await visit
            .Page.GetByRole(AriaRole.Button, new() { NameRegex = new("last page", System.Text.RegularExpressions.RegexOptions.IgnoreCase) })
            .ClickAsync();
        await Expect(visit.Page.Locator("tbody tr").Last).ToContainTextAsync("10000");
    }

    [Fact]
    public async Task StaleFleet_IsGreyed_AndAnEmptyOneSaysSo()
    {
        await using var visit = await StartAsync();

        visit.Collector.Push(
            PlaceFleets.Fleet(2) with
            {
                Stale = true,
                StaleSince = Snapshots.At,
                StaleReason = "Nothing listens at the socket.",
            }
        );
        await Expect(visit.Page.GetByText("Nothing listens at the socket.")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator(".shell.greyed")).ToHaveCountAsync(1);
        visit.Collector.Push(Snapshots.Create([Snapshots.App("quiet", Snapshots.Container("quiet", "quiet"))], 3));
        await Expect(visit.Page.GetByText("Nothing is published")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Phone_Page_FitsTheScreenAndIsAccessible()
    {
        await using var visit = await StartAsync(width: 390);

        Assert.Equal(390, await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        await Accessibility.AssertInBothThemesAsync(visit.Page);
    }

    private static ILocator Row(Visit visit, string port) =>
        visit.Page.Locator("tbody tr").Filter(new() { Has = visit.Page.Locator("td.port b", new() { HasTextRegex = new($"^{port}$") }) });

    private async Task<Visit> StartAsync(string path = "/ports", FleetSnapshot? snapshot = null, int width = 1440)
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
        await visit.BecomeInteractiveAsync();
        return visit;
    }
}
