using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

/// <summary>Live lines: following, pausing, reconnecting and leaving, and a hundred thousand of them.</summary>
[Trait("Category", "Browser")]
public sealed class LogStreamTests(BrowserFixture browser)
{
    private static IEnumerable<string> Numbered(int from, int count) => Enumerable.Range(from, count).Select(i => $"line {i}");

    [Fact]
    public async Task Follow_SticksToTheEnd_AndPausesWhenScrolledUp()
    {
        await using var log = await LogVisit.StartAsync(browser, logs => logs.Print(LogVisit.Web, Numbered(0, 300)));
        await Expect(log.Lines.Filter(new() { HasText = "line 299" })).ToBeInViewportAsync();
        log.Logs.Print(LogVisit.Web, "line 300");
        await Expect(log.Lines.Filter(new() { HasText = "line 300" })).ToBeInViewportAsync();
        await Expect(log.Jump).ToBeHiddenAsync();

        await log.Log.HoverAsync();
        await log.Page.Mouse.WheelAsync(0, -1200);
        await Expect(log.Jump).ToHaveTextAsync("To the end ↓");
        var before = await log.Log.EvaluateAsync<int>("list => list.scrollTop");
        log.Logs.Print(LogVisit.Web, Numbered(301, 40));

        await Expect(log.Jump).ToHaveTextAsync("40 new lines ↓");
        Assert.Equal(before, await log.Log.EvaluateAsync<int>("list => list.scrollTop"));

        await log.Log.FocusAsync();
        await log.Page.Keyboard.PressAsync("End");
        await Expect(log.Lines.Filter(new() { HasText = "line 340" })).ToBeInViewportAsync();
        await Expect(log.Jump).ToBeHiddenAsync();
        log.Logs.Print(LogVisit.Web, "line 341");
        await Expect(log.Lines.Filter(new() { HasText = "line 341" })).ToBeInViewportAsync();
    }

    [Fact]
    public async Task ScrolledToTheTop_OlderLines_AreLoadedOnceEach()
    {
        await using var log = await LogVisit.StartAsync(browser, logs => logs.Print(LogVisit.Web, Numbered(0, 1800)));
        await log.ExpectCountAsync("500 lines");

        await log.ScrollAsync("0");
        await log.ExpectCountAsync("1,499 lines"); // one of the thousand older lines is already loaded
        await log.ScrollAsync("0");
        await log.ExpectCountAsync("1,800 lines");
        await log.ScrollAsync("0");

        await Expect(log.Page.GetByText("There are no older lines.")).ToBeVisibleAsync();
        Assert.Equal(Numbered(0, 3), (await log.TextsAsync())[..3]);
    }

    [Fact]
    public async Task Reconnect_LastLineHasATimeInTheFuture_ContinuesInOrderOfArrival()
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var log = await LogVisit.StartAsync(
            browser,
            logs =>
            {
                logs.SetClock(now.AddMinutes(-1));
                logs.Print(LogVisit.Web, Numbered(0, 30));
                logs.SetClock(now.AddHours(1));
                logs.Print(LogVisit.Web, "ahead");
            }
        );
        await log.ExpectCountAsync("31 lines");

        log.Logs.SetClock(now.AddSeconds(-1));
        log.Logs.Cut();
        log.Logs.Print(LogVisit.Web, "after");
        await log.ExpectCountAsync("32 lines");
        log.Logs.SetClock(now.AddYears(-30));
        log.Logs.Print(LogVisit.Web, "long ago");
        await log.ExpectCountAsync("33 lines");

        Assert.Equal(["line 29", "ahead", "after", "long ago"], (await log.TextsAsync())[^4..]);
    }

    [Fact]
    public async Task Reconnect_AfterABreak_NoLineIsMissingOrDuplicated()
    {
        await using var log = await LogVisit.StartAsync(
            browser,
            logs =>
            {
                logs.Print(LogVisit.Web, Numbered(0, 100));
                logs.Print(LogVisit.Web, "the same", "the same");
            }
        );
        await log.ExpectCountAsync("102 lines");

        for (var round = 0; round < 3; round++)
        {
            log.Logs.Cut();
            log.Logs.Print(LogVisit.Db, Numbered(1000 * (round + 1), 700));
            await log.ExpectCountAsync($"{102 + (700 * (round + 1)):N0} lines");
        }

        await Expect(log.Status).ToHaveTextAsync("Live");
        await log.Search.FillAsync("the same");
        await Expect(log.Found).ToHaveTextAsync("2");
        Assert.All(log.Logs.Calls.Skip(1), call => Assert.Contains("since", call.Query.Keys));
    }

    [Fact]
    public async Task Collector_Unreachable_SaysSoAndReconnects()
    {
        await using var log = await LogVisit.StartAsync(browser, logs => logs.Print(LogVisit.Web, Numbered(0, 10)));
        await log.ExpectCountAsync("10 lines");

        await log.Visit.Collector.GoAsync();
        await Expect(log.Status).ToContainTextAsync("Reconnecting…");
        await Expect(log.Lines).ToHaveCountAsync(10);

        await log.Visit.Collector.ListenAsync();
        log.Logs.Print(LogVisit.Web, "back");
        await Expect(log.Lines).ToHaveCountAsync(11);
        await Expect(log.Status).ToHaveTextAsync("Live");
    }

    [Fact]
    public async Task End_SaysWhy_AndContinuesOnRequest()
    {
        await using var log = await LogVisit.StartAsync(browser, logs => logs.Print(LogVisit.Web, Numbered(0, 5)));
        await log.ExpectCountAsync("5 lines");

        log.Logs.End = ("cap", "64 MiB have been sent: go on to read more.");
        log.Logs.Wake();
        await Expect(log.Status).ToHaveTextAsync("64 MiB have been sent: go on to read more.");
        log.Logs.End = null;
        log.Logs.Print(LogVisit.Web, "more");
        await log.Page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();

        await log.ExpectCountAsync("6 lines");
    }

    [Fact]
    public async Task Page_Left_EndsTheStream()
    {
        await using var log = await LogVisit.StartAsync(browser, logs => logs.Print(LogVisit.Web, "hello"));
        await Expect(log.Lines).ToHaveCountAsync(1);
        Assert.Equal(1, log.Logs.OpenStreams);

        await log.Page.GetByRole(AriaRole.Link, new() { Name = "app details" }).ClickAsync();
        await log.NobodyReadsAsync();

        await log.GoAsync(LogVisit.PathOf(LogVisit.Web));
        await Expect(log.Lines).ToHaveCountAsync(1);
        await log.Visit.Context.CloseAsync();
        await log.NobodyReadsAsync();
    }

    [Fact]
    public async Task HundredThousandLines_RenderFewRows_AndAreSearchable()
    {
        await using var log = await LogVisit.StartAsync(
            browser,
            logs =>
                logs.Print(
                    LogVisit.Web,
                    Enumerable.Range(0, 104_000).Select(i => $"{(i % 1000 == 7 ? "ERROR" : "INFO")} request {i} took {i % 97} ms")
                ),
            "/apps/shop/logs?since=all"
        );
        await log.ExpectCountAsync("100,000 lines");

        log.Logs.Print(LogVisit.Web, Enumerable.Range(0, 3000).Select(i => $"INFO afterwards {i}"));
        await Expect(log.Page.Locator("fleet-logs .note")).ToContainTextAsync("older lines have been dropped");
        await Expect(log.Lines.Filter(new() { HasText = "afterwards 2999" })).ToBeInViewportAsync();

        await log.ScrollAsync("list.scrollHeight / 2");
        await Expect(log.Lines.Filter(new() { HasText = "request 5" }).First).ToBeVisibleAsync();
        Assert.InRange(await log.Lines.CountAsync(), 10, 120);

        await log.Search.FillAsync("request 77007 ");
        await Expect(log.Found).ToHaveTextAsync("1");
        await log.Search.PressAsync("Enter");
        await Expect(log.Page.Locator(".line.current")).ToBeInViewportAsync();
        await Expect(log.Page.Locator(".line.current mark")).ToHaveTextAsync("request 77007 "); // plain-english: the element <mark>

        await log.Search.FillAsync("");
        await log.Page.GetByLabel("Level").SelectOptionAsync("error");
        await Expect(log.Total).ToContainTextAsync("of 10");
        Assert.Equal("ERROR", (await log.TextsAsync())[0][..5]);
        Assert.Empty(log.Visit.ConsoleErrors);
    }

    [Fact]
    public async Task FullPage_ViewerReads_PausesTheStreamAndDropsNoLine()
    {
        await using var log = await LogVisit.StartAsync(
            browser,
            logs => logs.Print(LogVisit.Web, Numbered(0, 100_000)),
            "/apps/shop/logs?since=all"
        );
        await log.ExpectCountAsync("100,000 lines");
        await log.ScrollAsync("0");
        await Expect(log.Lines.First).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("line 0$"));

        log.Logs.Print(LogVisit.Web, Enumerable.Range(0, 100_000).Select(i => $"flood {i} {new string('x', 300)}"));
        await Expect(log.Status).ToHaveTextAsync("Paused: the page is full while you read");

        await Expect(log.Lines.First).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("line 0$"));
        Assert.InRange(log.Logs.AcceptedLines, 0, 90_000);
        await log.Jump.ClickAsync();
        await Expect(log.Lines.Filter(new() { HasText = "flood 99999" })).ToBeInViewportAsync();
    }
}
