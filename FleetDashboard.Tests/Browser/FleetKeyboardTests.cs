using FleetDashboard.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

/// <summary>The Fleet page by keyboard alone, and the focus while the page redraws.</summary>
[Trait("Category", "Browser")]
public sealed class FleetKeyboardTests(BrowserFixture browser)
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Keyboard_Alone_ReachesEveryControl()
    {
        await using var visit = await StartAsync();
        var keyboard = visit.Page.Keyboard;

        await keyboard.PressAsync("j");
        await Expect(visit.Card("trouble")).ToBeFocusedAsync();
        await keyboard.PressAsync("j");
        await Expect(visit.Card("Billing")).ToBeFocusedAsync();
        await keyboard.PressAsync("k");
        await keyboard.PressAsync("Enter");
        await Expect(visit.Card("trouble").GetByRole(AriaRole.Table)).ToBeVisibleAsync();
        await keyboard.PressAsync("Escape");
        await Expect(visit.Card("trouble").GetByRole(AriaRole.Table)).ToBeHiddenAsync();

        await keyboard.PressAsync("/");
        await Expect(visit.Page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
        await keyboard.TypeAsync("jok?");
        await Expect(visit.Page.GetByText("No app matches")).ToBeVisibleAsync();
        await keyboard.PressAsync("Escape");
        await Expect(visit.Page.Locator("article")).ToHaveCountAsync(15);
        await keyboard.PressAsync("Escape");

        await keyboard.PressAsync("?");
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await keyboard.PressAsync("Escape");
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Focus_CardMovesWhilePressed_StaysOnItsCard()
    {
        await using var visit = await StartAsync();
        foreach (var app in new[] { "wiki", "Billing" })
        {
            await visit.Card(app).FocusAsync();
            visit.Collector.Push(app == "wiki" ? FleetPageTests.WithWikiDown() : Snapshots.Fleet(sequence: 3, at: Now));
            await Expect(visit.Card("wiki")).ToContainTextAsync(app == "wiki" ? "Down" : "Healthy");

            await Expect(visit.Card(app)).ToBeFocusedAsync();
        }
    }

    [Fact]
    public async Task Focus_BeforeThePageIsInteractive_StaysOnItsCard()
    {
        await using var visit = await Visit.StartAsync(browser, Snapshots.Fleet(at: Now));
        await visit.Page.ReloadAsync(new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await visit.Page.Keyboard.PressAsync("j");
        await visit.BecomeInteractiveAsync();

        await Expect(visit.Card("trouble")).ToBeFocusedAsync();
        Assert.False(await visit.Page.EvaluateAsync<bool>("() => document.activeElement.matches('h1')"));
    }

    private async Task<Visit> StartAsync()
    {
        var visit = await Visit.StartAsync(browser, Snapshots.Fleet(at: Now));
        await visit.BecomeInteractiveAsync();
        return visit;
    }
}
