using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

/// <summary>The action menus, the confirmation dialog and the shown jobs, with a fake Collector.</summary>
[Trait("Category", "Browser")]
public sealed class ActionTests(BrowserFixture browser)
{
    [Fact]
    public async Task Menu_AppWithAProtectedContainer_OffersActionsAndListsWhatIsLeftOut()
    {
        await using var visit = await StartAsync();

        await OpenMenuAsync(visit, "shop");

        var menu = Menu(visit, "shop");
        await Expect(menu.GetByRole(AriaRole.Button)).ToContainTextAsync(["Restart2 of 4", "Pull3 of 4", "Update1 of 4"]);
        await Expect(menu).ToContainTextAsync("Not included:");
        await Expect(menu).ToContainTextAsync("db it is a database (image postgres)");
        await Expect(visit.Card("shop")).ToContainTextAsync("Update available");
        Assert.Empty(visit.ConsoleErrors);
    }

    [Theory]
    [InlineData("vault", "db it is a database (image postgres)")]
    [InlineData("off", "web actions are switched off on this host (Actions:Enabled)")]
    public async Task Menu_NoActionAllowed_SaysWhy(string app, string reason)
    {
        await using var visit = await StartAsync();

        await visit.Card(app).GetByRole(AriaRole.Button, new() { Name = "No actions" }).ClickAsync();

        await Expect(Menu(visit, app)).ToContainTextAsync(reason);
        await Expect(Menu(visit, app).GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Rows_ActionsAllowedOrNot_HaveAMenuOrTheReason()
    {
        await using var visit = await StartAsync("/?open=shop");
        var rows = visit.Card("shop").Locator("tbody tr");

        await Expect(rows.Filter(new() { HasText = "worker" }).GetByRole(AriaRole.Button, new() { Name = "Actions on worker" }))
            .ToBeVisibleAsync();
        var database = rows.Filter(new() { HasText = "protected" });
        await Expect(database.Locator("td").Last).ToHaveTextAsync("it is a database (image postgres)");
        await Expect(database.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Viewer_OpensThePage_HasNeitherMenuNorDialog()
    {
        await using var visit = await StartAsync("/?open=shop");
        await visit.App.AddUserAsync("vera", Roles.Viewer);
        await visit.Context.ClearCookiesAsync();
        await visit.SignInAsync("/?open=shop", "vera");
        await visit.BecomeInteractiveAsync();
        await Expect(visit.Card("shop").GetByRole(AriaRole.Table)).ToBeVisibleAsync();

        await visit.Card("shop").FocusAsync();
        await visit.Page.Keyboard.PressAsync("r");

        await Expect(visit.Page.Locator("[data-actions], [data-menu], [data-act], dialog[open]")).ToHaveCountAsync(0);
        await Expect(visit.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Actions" })).ToHaveCountAsync(0);
        Assert.Empty(visit.Collector.Jobs.Posts);
    }

    [Fact]
    public async Task Dialog_Opened_NamesTheContainersAndFocusesCancel()
    {
        await using var visit = await StartAsync();

        await RequestAsync(visit, "shop", "Restart");

        var dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync("Restart shop?");
        await Expect(dialog.Locator("ol li")).ToHaveTextAsync(["shop-worker-1", "shop-web-1"]);
        await Expect(dialog).ToContainTextAsync("migrate it did its work and ended with 0");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeFocusedAsync();

        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(dialog).ToHaveCountAsync(0);
        Assert.Empty(visit.Collector.Jobs.Posts);
    }

    [Fact]
    public async Task DoubleClick_OnConfirm_StartsOneJobAndShowsItsProgressOnTheCard()
    {
        await using var visit = await StartAsync();
        await RequestAsync(visit, "shop", "Restart");

        await visit.Page.Locator("[data-confirm]").DblClickAsync();

        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        var strip = visit.Card("shop").Locator("[data-job]");
        await Expect(strip).ToContainTextAsync("by admin · Running");
        await Expect(strip.GetByRole(AriaRole.Progressbar)).ToBeVisibleAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Activity" })).ToContainTextAsync("1");
        Assert.Single(visit.Collector.Jobs.Posts.Select(post => post.Key).Distinct());
        Assert.Single(visit.Collector.Jobs.Posts);
    }

    [Fact]
    public async Task Job_RunningThenFinished_IsShownUntilDismissed()
    {
        await using var visit = await StartAsync();
        var job = FakeJobs.Running("wiki", ActionNames.Pull, "ops", progress: 0.25, message: "2 of 8 layers.");
        visit.Collector.Jobs.Put(job);
        var strip = visit.Card("wiki").Locator("[data-job]");
        await Expect(strip.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("aria-valuenow", "25");

        visit.Collector.Jobs.Put(job with { Progress = 0.5, Message = "4 of 8 layers." });
        await Expect(strip).ToContainTextAsync("4 of 8 layers.");
        visit.Collector.Jobs.Put(FakeJobs.Over(job, JobStates.Interrupted, "The Collector stopped before the action ended."));

        await Expect(strip).ToContainTextAsync("by ops · Interrupted");
        await Expect(visit.Page.Locator("[data-announcer]")).ToContainTextAsync("Pull of wiki: Interrupted.");
        await strip.GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();
        await Expect(strip).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task JobOfAnotherUser_Running_IsShownWithTheNameAndDisablesTheMenu()
    {
        await using var visit = await StartAsync();
        var job = FakeJobs.Running("shop", user: "ops", containers: ["shop-worker-1"]);
        visit.Collector.Jobs.Put(job);
        await Expect(visit.Card("shop").Locator("[data-job]")).ToContainTextAsync("by ops");

        await OpenMenuAsync(visit, "shop");
        await Expect(Menu(visit, "shop")).ToContainTextAsync("ops asked for restart of shop-worker-1");
        await Expect(Menu(visit, "shop").GetByRole(AriaRole.Button)).ToHaveCountAsync(0);

        visit.Collector.Jobs.Put(FakeJobs.Over(job, JobStates.Succeeded, "It runs again."));
        await Expect(Menu(visit, "shop").GetByRole(AriaRole.Button)).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Conflict_WithARunningJob_NamesItsUser()
    {
        await using var visit = await StartAsync();
        visit.Collector.Jobs.Answer = _ =>
            Results.Problem(
                "ops asked for restart of shop-web-1.",
                statusCode: 409,
                extensions: new Dictionary<string, object?> { ["job"] = "7f" }
            );
        await RequestAsync(visit, "shop", "Restart");

        await visit.Page.Locator("[data-confirm]").ClickAsync();

        var dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("ops asked for restart of shop-web-1.");
        await Expect(dialog.GetByRole(AriaRole.Link, new() { Name = "See that job" })).ToHaveAttributeAsync("href", "activity?job=7f");
        await Expect(visit.Page.Locator("[data-confirm]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task RateLimit_Reached_SaysWhenAndAllowsARetry()
    {
        await using var visit = await StartAsync();
        visit.Collector.Jobs.Answer = context =>
        {
            context.Response.Headers.RetryAfter = "9";
            return Results.Problem("admin asks too often.", statusCode: 429);
        };
        await RequestAsync(visit, "shop", "Restart");
        await visit.Page.Locator("[data-confirm]").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Alert))
            .ToContainTextAsync("admin asks too often. Nothing was done. You can try again in 9 s.");

        visit.Collector.Jobs.Answer = null;
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();

        await Expect(visit.Card("shop").Locator("[data-job]")).ToContainTextAsync("by admin");
        Assert.Single(visit.Collector.Jobs.Posts.Select(post => post.Key).Distinct());
    }

    [Fact]
    public async Task Keyboard_RPressed_RestartsTheFocusedApp()
    {
        await using var visit = await StartAsync();
        await visit.Card("wiki").FocusAsync();

        await visit.Page.Keyboard.PressAsync("r");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Restart wiki?" })).ToBeVisibleAsync();
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(visit.Card("wiki")).ToBeFocusedAsync();
        Assert.Empty(visit.Collector.Jobs.Posts);

        await visit.Page.Keyboard.PressAsync("r");
        await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Tab");
        await Expect(visit.Page.Locator("[data-confirm]")).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Enter");

        await Expect(visit.Card("wiki").Locator("[data-job]")).ToContainTextAsync("by admin");
        Assert.Equal("/api/v1/apps/wiki/actions/restart", Assert.Single(visit.Collector.Jobs.Posts).Path);
    }

    [Fact]
    public async Task AppPage_ActionStarted_ShowsTheSameMenuAndTheJob()
    {
        await using var visit = await StartAsync("/apps/shop");

        await visit.Page.Locator("[data-actions-of]").GetByRole(AriaRole.Button, new() { Name = "Actions" }).ClickAsync();
        await visit.Page.Locator("[data-actions-of] [data-act=pull]").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("No container changes");
        await visit.Page.Locator("[data-confirm]").ClickAsync();

        await Expect(visit.Page.Locator("main [data-job]")).ToContainTextAsync("by admin");
    }

    [Fact]
    public async Task MarkupInNames_IsShownAsText()
    {
        const string Hostile = "<img src=x onerror=\"window.hacked=1\">";
        await using var visit = await StartAsync();
        visit.Collector.Jobs.Put(FakeJobs.Running("wiki", user: Hostile, message: Hostile), Hostile);

        await Expect(visit.Card("wiki").Locator("[data-job]")).ToContainTextAsync(Hostile);
        await visit.Page.GotoAsync(new Uri(visit.App.Url, "/activity").ToString());
        await visit.BecomeInteractiveAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Output" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Log)).ToContainTextAsync(Hostile);

        Assert.True(await visit.Page.EvaluateAsync<bool>("() => window.hacked === undefined && !document.querySelector('img')"));
    }

    [Fact]
    public async Task MenuDialogAndJobStrip_BothThemes_AreAccessible()
    {
        await using var visit = await StartAsync();
        visit.Collector.Jobs.Put(FakeJobs.Running("wiki", ActionNames.Pull, progress: 0.4, message: "3 of 8 layers."));
        await Expect(visit.Card("wiki").Locator("[data-job]")).ToBeVisibleAsync();

        await OpenMenuAsync(visit, "shop");
        await Accessibility.AssertInBothThemesAsync(visit.Page);
        await Menu(visit, "shop").Locator("[data-act=update]").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await Accessibility.AssertInBothThemesAsync(visit.Page);
    }

    [Fact]
    public async Task Phone_EveryPart_FitsTheScreen()
    {
        await using var visit = await StartAsync(
            "/",
            new()
            {
                ViewportSize = new() { Width = 390, Height = 844 },
            }
        );
        await RequestAsync(visit, "shop", "Update");

        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        Assert.True(await visit.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        Assert.True(
            await visit.Page.EvaluateAsync<bool>(
                "() => { const box = document.querySelector('dialog[open]').getBoundingClientRect(); "
                    + "return box.left >= 0 && box.right <= innerWidth && box.bottom <= innerHeight; }"
            )
        );
    }

    private static ILocator Menu(Visit visit, string app) => visit.Card(app).Locator("footer [data-menu]");

    private static async Task OpenMenuAsync(Visit visit, string app)
    {
        await visit.Card(app).Locator("footer [data-actions]").ClickAsync();
        await Expect(Menu(visit, app)).ToBeVisibleAsync();
    }

    private static async Task RequestAsync(Visit visit, string app, string action)
    {
        await OpenMenuAsync(visit, app);
        await Menu(visit, app).Locator($"[data-act={action.ToLowerInvariant()}]").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
    }

    private async Task<Visit> StartAsync(string path = "/", BrowserNewContextOptions? options = null)
    {
        var visit = await Visit.StartAsync(browser, ActingFleet.Create(), path, options);
        await visit.BecomeInteractiveAsync();
        return visit;
    }
}
