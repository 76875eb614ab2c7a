using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

/// <summary>Search in a log.</summary>
[Trait("Category", "Browser")]
public sealed class LogSearchTests(BrowserFixture browser)
{
    [Fact]
    public async Task Search_ByKeyboard_CountsHighlightsAndMovesBetweenMatches()
    {
        await using var log = await LogVisit.StartAsync(
            browser,
            logs => logs.Print(LogVisit.Web, Enumerable.Range(0, 400).Select(i => i % 100 == 0 ? $"Needle {i}, needle" : $"straw {i}"))
        );
        await Expect(log.Lines.Last).ToBeVisibleAsync();

        await log.Log.FocusAsync();
        await log.Page.Keyboard.PressAsync("/");
        await Expect(log.Search).ToBeFocusedAsync();
        await log.Page.Keyboard.TypeAsync("needle");
        await Expect(log.Found).ToHaveTextAsync("4");

        await log.Page.Keyboard.PressAsync("Enter");
        await Expect(log.Found).ToHaveTextAsync("4 of 4");
        await Expect(log.Page.Locator(".line.current")).ToContainTextAsync("Needle 300");
        await Expect(log.Page.Locator(".line.current mark")).ToHaveCountAsync(2); // plain-english: the element <mark>
        await log.Page.Keyboard.PressAsync("Shift+Enter");
        await Expect(log.Found).ToHaveTextAsync("3 of 4");
        await Expect(log.Page.Locator(".line.current")).ToBeInViewportAsync();

        await log.Log.FocusAsync();
        await log.Page.Keyboard.PressAsync("N");
        await Expect(log.Found).ToHaveTextAsync("2 of 4");
        await log.Page.Keyboard.PressAsync("n");
        await Expect(log.Found).ToHaveTextAsync("3 of 4");
        log.Logs.Print(LogVisit.Web, "one more needle");
        await Expect(log.Found).ToHaveTextAsync("3 of 5");

        await log.Page.GetByRole(AriaRole.Button, new() { Name = "Match case" }).ClickAsync();
        await Expect(log.Found).ToHaveTextAsync("5");
        await log.Search.FillAsync("Needle");
        await Expect(log.Found).ToHaveTextAsync("4");
        await log.Search.FillAsync("hay");
        await Expect(log.Found).ToHaveTextAsync("none");
        await log.Search.PressAsync("Escape");
        await Expect(log.Search).ToHaveValueAsync("");
        await Expect(log.Page.Locator("fleet-logs mark")).ToHaveCountAsync(0); // plain-english: the element <mark>
    }

    [Fact]
    public async Task Search_TextAcrossColours_IsFound()
    {
        await using var log = await LogVisit.StartAsync(browser, logs => logs.Print(LogVisit.Web, "a \e[31mred\e[0m\e[1mbold\e[0m end"));
        await Expect(log.Lines).ToHaveCountAsync(1);

        await log.Search.FillAsync("edbo");

        await Expect(log.Page.Locator("fleet-logs mark")).ToHaveTextAsync(["ed", "bo"]); // plain-english: the element <mark>
    }

    [Fact]
    public async Task Expression_Invalid_ShowsAMessage()
    {
        await using var log = await LogVisit.StartAsync(browser, logs => logs.Print(LogVisit.Web, "one"));
        await Expect(log.Lines).ToHaveCountAsync(1);

        await log.Page.GetByRole(AriaRole.Button, new() { Name = "Regular expression" }).ClickAsync();
        await log.Search.FillAsync("(");

        await Expect(log.Status).ToContainTextAsync("This is no regular expression");
        await Expect(log.Lines).ToHaveCountAsync(1);
        await log.Search.FillAsync("o.e");
        await Expect(log.Found).ToHaveTextAsync("1");
        Assert.Empty(log.Visit.ConsoleErrors);
    }

    [Fact]
    public async Task Expression_ThatNeverEnds_DoesNotBlockThePage()
    {
        await using var log = await LogVisit.StartAsync(browser, logs => logs.Print(LogVisit.Web, new string('a', 60) + "!", "needle"));
        await Expect(log.Lines).ToHaveCountAsync(2);

        await log.Page.GetByRole(AriaRole.Button, new() { Name = "Regular expression" }).ClickAsync();
        await log.Search.FillAsync("(a+)+$");
        await Expect(log.Found).ToHaveTextAsync("searching…");
        log.Logs.Print(LogVisit.Web, "still alive");
        await Expect(log.Lines).ToHaveCountAsync(3);

        await Expect(log.Status).ToContainTextAsync("This expression takes too long");
        await log.Search.FillAsync("need+le");
        await Expect(log.Found).ToHaveTextAsync("1");
        await Expect(log.Status).ToHaveTextAsync("Live");
    }
}
