using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

/// <summary>The Fleet page in a real browser on the real server.</summary>
[Trait("Category", "Browser")]
public sealed class FleetPageTests(BrowserFixture browser)
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Page_SignedIn_ShowsTheVerdictInPageAndTab()
    {
        await using var visit = await StartAsync();

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("1 app is down, 1 is struggling");
        await Expect(visit.Page).ToHaveTitleAsync("2 of 15 need attention · Fleet");
        await Expect(visit.Page.Locator("link[rel=icon]")).ToHaveAttributeAsync("href", "icon-red.svg");
        await Expect(visit.Page.Locator("article")).ToHaveCountAsync(15);
        Assert.Empty(visit.ConsoleErrors);
    }

    [Fact]
    public async Task Card_AppGoesDown_TurnsRedAndMovesUp()
    {
        await using var visit = await StartAsync();
        await Expect(visit.Card("wiki")).ToContainTextAsync("Healthy");

        visit.Collector.Push(WithWikiDown());

        await Expect(visit.Card("wiki")).ToContainTextAsync("Down");
        await Expect(visit.Card("wiki")).ToContainTextAsync("web exited with 1");
        await Expect(visit.Page).ToHaveTitleAsync("3 of 15 need attention · Fleet");
    }

    [Fact]
    public async Task Collector_Unreachable_PageIsGreyAndSaysSinceWhenThenRecovers()
    {
        await using var visit = await StartAsync();
        var green = await Visit.ColourAsync(visit.Card("wiki"));

        await visit.Collector.GoAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Collector does not answer since");
        Assert.Matches(
            @"^\d\d:\d\d:\d\d",
            await visit.Page.Locator("h1 fleet-time").EvaluateAsync<string>("time => time.shadowRoot.textContent")
        );
        await Expect(visit.Page.Locator("article")).ToHaveCountAsync(15);
        await Expect(visit.Page.Locator("link[rel=icon]")).ToHaveAttributeAsync("href", "icon-grey.svg");
        await Expect(visit.Page.GetByText("not live")).ToBeVisibleAsync();
        Assert.NotEqual(green, await Visit.ColourAsync(visit.Card("wiki")));
        Assert.Single(
            await visit.Page.EvaluateAsync<string[]>(
                "() => [...new Set([...document.querySelectorAll('.badge')].map(b => getComputedStyle(b).color))]"
            )
        );

        await visit.Collector.ListenAsync();
        await Expect(visit.Page.Locator("link[rel=icon]")).ToHaveAttributeAsync("href", "icon-red.svg");
        Assert.Equal(green, await Visit.ColourAsync(visit.Card("wiki")));
    }

    [Fact]
    public async Task Engine_Unreachable_PageIsGreyAndSaysWhy()
    {
        await using var visit = await StartAsync();

        visit.Collector.Push(
            Snapshots.Fleet(2, at: Now) with
            {
                Stale = true,
                StaleSince = Now,
                StaleReason = "Nothing listens at the socket.",
            }
        );

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Engine does not answer since");
        await Expect(visit.Page.GetByText("Nothing listens at the socket.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task MarkupInLabels_IsShownAsText()
    {
        const string Hostile = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>";
        var app = Snapshots.App(Hostile, Snapshots.Container("x", Hostile, HealthColor.Red, "exited", why: Hostile)) with
        {
            Ports = [new("0.0.0.0", 1, Hostile, Hostile, 1, true)],
        };
        await using var visit = await StartAsync(Snapshots.Create([app], at: Now) with { Warnings = [Hostile] });

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Containers" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Table)).ToBeVisibleAsync();

        Assert.True(await visit.Page.EvaluateAsync<bool>("() => window.hacked === undefined && !document.querySelector('img')"));
    }

    [Fact]
    public async Task Filters_StayInTheAddress()
    {
        await using var visit = await StartAsync();

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Down 1" }).ClickAsync();
        await Expect(visit.Page.Locator("article")).ToHaveCountAsync(1);
        await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Down 1" })).ToHaveAttributeAsync("aria-pressed", "true");
        Assert.EndsWith("/?show=red", visit.Page.Url, StringComparison.Ordinal);

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "All 15" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Searchbox).FillAsync("wiki postgres");
        await Expect(visit.Page.Locator("article")).ToHaveCountAsync(1);
        await visit.Page.GetByRole(AriaRole.Searchbox).FillAsync("no such thing");
        await Expect(visit.Page.GetByText("No app matches")).ToBeVisibleAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Show all apps" }).ClickAsync();
        await Expect(visit.Page.Locator("article")).ToHaveCountAsync(15);
        await Expect(visit.Page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("");
    }

    [Fact]
    public async Task HundredsOfApps_ShowSixtyCards_SearchFindsTheRest()
    {
        var apps = Enumerable
            .Range(0, 300)
            .Select(i =>
                i % 100 == 99
                    ? Snapshots.App(
                        $"app-{i:000}",
                        Snapshots.Container($"app-{i:000}", "web", HealthColor.Red, "exited", why: "exited with 1")
                    )
                    : Snapshots.App($"app-{i:000}", Snapshots.Container($"app-{i:000}", "web"))
            );
        await using var visit = await StartAsync(Snapshots.Create(apps, at: Now));
        await visit.BecomeInteractiveAsync();

        await Expect(visit.Page.Locator("article")).ToHaveCountAsync(60);
        await Expect(visit.Page.Locator("article").First).ToHaveAttributeAsync("aria-label", "app-099: Down");
        await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "More apps" }).GetByRole(AriaRole.Link)).ToHaveCountAsync(240);
        await Expect(visit.Page.GetByRole(AriaRole.Navigation, new() { Name = "Apps at a glance" }).GetByRole(AriaRole.Link))
            .ToHaveCountAsync(300);
        Assert.Equal(
            "apps/app-298",
            await visit
                .Page.GetByRole(AriaRole.Navigation, new() { Name = "Apps at a glance" })
                .GetByRole(AriaRole.Link)
                .Last.GetAttributeAsync("href")
        );
        Assert.True(await visit.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));

        await visit.Page.GetByRole(AriaRole.Searchbox).FillAsync("app-298");
        await Expect(visit.Page.Locator("article")).ToHaveCountAsync(1);
        await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "More apps" })).ToHaveCountAsync(0);
        await visit.Page.GetByRole(AriaRole.Searchbox).FillAsync("");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Show all cards" }).ClickAsync();
        await Expect(visit.Page.Locator("article")).ToHaveCountAsync(300);
        await Accessibility.AssertAsync(visit.Page);
    }

    [Fact]
    public async Task SharedAddress_OpensTheSameView()
    {
        await using var visit = await StartAsync(path: "/?open=billing&q=memory");

        await Expect(visit.Page.Locator("article")).ToHaveCountAsync(2);
        await Expect(visit.Card("Billing").GetByRole(AriaRole.Table)).ToBeVisibleAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("memory");
    }

    [Fact]
    public async Task OpenCard_Sorted_StaysSortedWhenStatsChange()
    {
        await using var visit = await StartAsync(path: "/?open=storefront");
        var first = visit.Card("storefront").Locator("tbody tr").First;

        await visit.Card("storefront").GetByRole(AriaRole.Button, new() { Name = "Memory" }).ClickAsync();
        await Expect(visit.Card("storefront").GetByRole(AriaRole.Columnheader, new() { Name = "Memory" }))
            .ToHaveAttributeAsync("aria-sort", "ascending");
        await visit.Card("storefront").GetByRole(AriaRole.Button, new() { Name = "Memory" }).ClickAsync();
        await Expect(first).ToContainTextAsync("mailer");
        visit.Collector.Push(Snapshots.Fleet(2, 2, Now));
        await Expect(visit.Card("storefront")).ToContainTextAsync("78 MiB");

        await Expect(first).ToContainTextAsync("mailer");
    }

    [Fact]
    public async Task Phone_Page_FitsTheScreen()
    {
        await using var visit = await StartAsync(
            path: "/?open=trouble",
            options: new()
            {
                ViewportSize = new() { Width = 390, Height = 844 },
            }
        );

        Assert.Equal(390, await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task SessionRevoked_OpenPage_Ends()
    {
        await using var visit = await StartAsync();
        await visit.App.AddUserAsync("vera", Roles.Viewer);
        await visit.Context.ClearCookiesAsync();
        await visit.SignInAsync(user: "vera");
        await visit.BecomeInteractiveAsync();

        await visit.App.RemoveUserAsync("vera");

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Web_Unreachable_PageSaysSoAndTurnsGrey()
    {
        await using var visit = await StartAsync();
        var green = await Visit.ColourAsync(visit.Card("wiki"));

        await visit.App.DisposeAsync();

        await Expect(visit.Page.GetByText("This page has lost its server")).ToBeVisibleAsync();
        await Expect(visit.Page).ToHaveTitleAsync("Not connected · Fleet");
        Assert.NotEqual(green, await Visit.ColourAsync(visit.Card("wiki")));
    }

    [Fact(Timeout = 180_000)]
    public async Task Page_Closed_EndsItsSubscription()
    {
        await using var visit = await StartAsync();
        Assert.Equal(1, visit.App.Hosts.SubscriberCount);

        await visit.Page.GotoAsync("about:blank");

        await visit.App.Hosts.NobodyWatchesAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Theme_Chosen_IsKeptAfterAReload()
    {
        await using var visit = await StartAsync();

        await visit.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("signed in as admin") }).ClickAsync();
        await Expect(visit.Page.GetByText("operator", new() { Exact = true })).ToBeVisibleAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        await visit.ReloadAsync();

        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-choice", "dark");
    }

    [Fact]
    public async Task SignOut_FromTheMenu_EndsTheSession()
    {
        await using var visit = await StartAsync();

        await visit.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("signed in as admin") }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await visit.Page.GotoAsync(visit.App.Url.ToString());

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task FirstPaint_WithoutScript_ShowsTheFleet()
    {
        await using var visit = await StartAsync();
        await using var plain = await (await browser.LaunchAsync()).NewContextAsync(
            new() { JavaScriptEnabled = false, StorageState = await visit.Context.StorageStateAsync() }
        );
        var page = await plain.NewPageAsync();

        await page.GotoAsync(new Uri(visit.App.Url, "/?q=wiki").ToString());

        await Expect(page.Locator("article")).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("1 app is down, 1 is struggling");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Page_BothThemes_IsAccessible(ColorScheme scheme)
    {
        await using var visit = await StartAsync(
            path: "/?open=trouble",
            options: new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce }
        );
        await Accessibility.AssertAsync(visit.Page);

        visit.Collector.Push(Snapshots.Fleet(2, at: Now) with { Stale = true, StaleSince = Now, Warnings = ["A warning."] });
        await Expect(visit.Page.GetByText("not live")).ToBeVisibleAsync();
        await Accessibility.AssertAsync(visit.Page);

        await visit.Context.ClearCookiesAsync();
        await visit.Page.GotoAsync(new Uri(visit.App.Url, "/sign-in").ToString());
        await Accessibility.AssertAsync(visit.Page);
    }

    [Fact]
    public async Task Update_TwoThirdsOfTheCardsChange_StaysWithinItsByteBudget()
    {
        var bytes = 0L;
        await using var visit = await StartAsync(Snapshots.Fleet(1, at: Now));
        var frames = new List<int>();
        visit.Page.WebSocket += (_, socket) =>
            socket.FrameReceived += (_, frame) => frames.Add(frame.Binary?.Length ?? frame.Text?.Length ?? 0);
        await visit.ReloadAsync();
        await Expect(visit.Page.Locator("fleet-age")).ToHaveAttributeAsync("mark", "1");
        frames.Clear();

        visit.Collector.Push(ChangedForTwoThirds());
        await Expect(visit.Page.Locator("fleet-age")).ToHaveAttributeAsync("mark", "2");
        bytes = frames.Sum();

        TestContext.Current.SendDiagnosticMessage("Update: {0} bytes in {1} frames", bytes, frames.Count);
        Assert.InRange(bytes, 500, 15_000);
    }

    private static FleetSnapshot ChangedForTwoThirds()
    {
        var (before, after) = (Snapshots.Fleet(2, 1, Now), Snapshots.Fleet(2, 1.3, Now));
        return after with { Apps = [.. after.Apps.Select((app, i) => i % 3 == 0 ? before.Apps[i] : app)] };
    }

    internal static FleetSnapshot WithWikiDown() =>
        Snapshots.Create(
            Snapshots
                .Fleet()
                .Apps.Select(app =>
                    app.Name != "wiki"
                        ? app
                        : Snapshots.App(
                            "wiki",
                            Snapshots.Container("wiki", "web", HealthColor.Red, "exited", why: "exited with 1"),
                            Snapshots.Database("wiki")
                        )
                ),
            2,
            Now
        );

    private async Task<Visit> StartAsync(FleetSnapshot? snapshot = null, string path = "/", BrowserNewContextOptions? options = null)
    {
        var visit = await Visit.StartAsync(browser, snapshot ?? Snapshots.Fleet(at: Now), path, options);
        await visit.BecomeInteractiveAsync();
        return visit;
    }
}
