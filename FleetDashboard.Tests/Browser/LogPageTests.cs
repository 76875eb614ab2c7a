using System.Globalization;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

/// <summary>The log viewer in a browser: content, options, links and downloads.</summary>
[Trait("Category", "Browser")]
public sealed class LogPageTests(BrowserFixture browser)
{
    [Fact]
    public async Task AppLogs_AreMergedWithANameAColourAndASwitchPerContainer()
    {
        await using var log = await LogVisit.StartAsync(
            browser,
            logs =>
            {
                logs.Print(LogVisit.Web, "from web");
                logs.Print(LogVisit.Db, "from db");
                logs.Print(LogVisit.Web, "from web again");
            }
        );

        await Expect(log.Lines).ToHaveCountAsync(3);
        Assert.Equal(["from web", "from db", "from web again"], await log.TextsAsync());
        Assert.Equal(["web", "db", "web"], await log.Page.Locator(".line .who").AllTextContentsAsync());
        Assert.Equal(
            2,
            await log.Page.EvaluateAsync<int>(
                "() => new Set([...document.querySelectorAll('.line .who')].map(who => getComputedStyle(who).color)).size"
            )
        );

        var web = log.Page.GetByRole(AriaRole.Button, new() { Name = "web", Exact = true });
        await Expect(web).ToHaveAttributeAsync("aria-pressed", "true");
        await web.ClickAsync();
        await Expect(log.Lines).ToHaveCountAsync(1);
        await log.ExpectCountAsync("1 of 3 lines");
        await Expect(log.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(@"/apps/shop/logs\?hide=shop-web-1$"));
        Assert.Empty(log.Visit.ConsoleErrors);
    }

    [Fact]
    public async Task MarkupInLines_IsShownAsText()
    {
        string[] hostile =
        [
            "<script>window.hacked = 1</script>",
            "<img src=x onerror=\"window.hacked = 1\">",
            "\e]0;hacked\atitle",
            "\e]8;;javascript:window.hacked=1\e\\link\e]8;;\e\\",
            "\e[2J\e[Hcleared",
            "windows\r",
            "nul\0bell\a",
            "{\"level\":\"<img src=x onerror='window.hacked=1'>\"}",
        ];
        await using var log = await LogVisit.StartAsync(browser, logs => logs.Print("<b>evil</b>", hostile));

        await Expect(log.Lines).ToHaveCountAsync(hostile.Length);
        await log.Page.GetByRole(AriaRole.Button, new() { Name = "Expand this line" }).ClickAsync();
        await Expect(log.Page.Locator("fleet-logs pre")).ToContainTextAsync("<img src=x");

        var texts = await log.TextsAsync();
        Assert.Equal([hostile[0], hostile[1], "title", "link", "cleared", "windows", "nul\u2400bell\u2407"], texts[..7]);
        Assert.True(
            await log.Page.EvaluateAsync<bool>(
                "() => window.hacked === undefined && !document.querySelector('fleet-logs :is(img, script, b)') "
                    + "&& !document.querySelector('fleet-logs .line a')"
            )
        );
        await Expect(log.Page).ToHaveTitleAsync("Logs of shop · Fleet");
        Assert.Empty(log.Visit.ConsoleErrors);
    }

    [Fact]
    public async Task Reason_Clicked_ShowsTheLinesBeforeTheExitAndLinksBackToNow()
    {
        var container = LogVisit.Container(LogVisit.Worker);
        await using var log = await LogVisit.StartAsync(
            browser,
            logs =>
            {
                logs.SetClock(container.FinishedAt!.Value.AddSeconds(-1));
                logs.Print(LogVisit.Worker, Enumerable.Range(0, 300).Select(i => $"before {i}"));
                logs.SetClock(container.FinishedAt.Value.AddMinutes(2));
                logs.Print(LogVisit.Worker, "long after");
            },
            "/"
        );

        await log.Visit.Card("shop").GetByRole(AriaRole.Link, new() { Name = "exited with 3, 8 min ago" }).ClickAsync();

        await Expect(log.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(LogVisit.Worker);
        await Expect(log.Page.Locator("[data-kind=reason]")).ToBeInViewportAsync();
        await Expect(log.Page.Locator("[data-kind=reason]")).ToContainTextAsync("The container exited here with code 3");
        await Expect(log.Lines.Filter(new() { HasText = "before 299" })).ToBeInViewportAsync();
        Assert.Equal("before 299", (await log.TextsAsync())[^2]);
        await Expect(log.Page.GetByLabel("Why")).ToContainTextAsync("exited with 3, 8 min ago");

        await log.Jump.ClickAsync();

        await Expect(log.Lines.Filter(new() { HasText = "long after" })).ToBeVisibleAsync();
        await Expect(log.Status).ToHaveTextAsync("Live");
        await Expect(log.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/logs$"));

        await log.Page.GetByLabel("Why").GetByRole(AriaRole.Link).ClickAsync();
        await Expect(log.Page.Locator("[data-kind=reason]")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task SharedAddress_Opened_ShowsTheSameView()
    {
        await using var log = await LogVisit.StartAsync(
            browser,
            logs =>
            {
                logs.Print(LogVisit.Web, "INFO order 17", "ERROR order 18", "ERROR Order 19", "ERROR nothing");
                logs.Print(LogVisit.Db, "ERROR order 20");
            }
        );
        await Expect(log.Lines).ToHaveCountAsync(5);

        await log.Page.GetByLabel("Level").SelectOptionAsync("error");
        await log.Page.GetByRole(AriaRole.Button, new() { Name = "db", Exact = true }).ClickAsync();
        await log.Page.GetByRole(AriaRole.Button, new() { Name = "Regular expression" }).ClickAsync();
        await log.Page.GetByRole(AriaRole.Button, new() { Name = "Only matching lines" }).ClickAsync();
        await log.Page.GetByLabel("Times").SelectOptionAsync("hidden");
        await log.Search.FillAsync(@"order \d+");
        await Expect(log.Lines).ToHaveCountAsync(2);
        var texts = await log.TextsAsync();
        var address = log.Page.Url;

        await log.GoAsync("/");
        await log.Page.GotoAsync(address);

        await Expect(log.Lines).ToHaveCountAsync(2);
        Assert.Equal(texts, await log.TextsAsync());
        await Expect(log.Search).ToHaveValueAsync(@"order \d+");
        await Expect(log.Page.GetByLabel("Level")).ToHaveValueAsync("error");
        await Expect(log.Page.Locator(".line time")).ToHaveCountAsync(0);
        await Expect(log.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Find an app" })).ToHaveValueAsync("");
    }

    [Fact]
    public async Task Card_KeyOrButton_OpensItsLogsInPlace()
    {
        await using var log = await LogVisit.StartAsync(browser, logs => logs.Print(LogVisit.Web, "hello"), "/");
        var button = log.Visit.Card("shop").GetByRole(AriaRole.Button, new() { Name = "Logs" });

        await log.Page.Keyboard.PressAsync("j");
        await log.Page.Keyboard.PressAsync("l");
        await Expect(log.Lines).ToHaveCountAsync(1);
        await Expect(button).ToHaveAttributeAsync("aria-expanded", "true");
        await Expect(log.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(@"\?open=shop&tab=logs$"));

        await log.Visit.Card("shop").GetByRole(AriaRole.Button, new() { Name = "Containers" }).ClickAsync();
        await Expect(log.Page.GetByRole(AriaRole.Table)).ToBeVisibleAsync();
        await log.NobodyReadsAsync();

        await button.ClickAsync();
        await Expect(log.Lines).ToHaveCountAsync(1);
        await log.Visit.Card("shop").FocusAsync();
        await log.Page.Keyboard.PressAsync("Escape");
        await Expect(log.Page.Locator("fleet-logs")).ToHaveCountAsync(0);
        await log.NobodyReadsAsync();
    }

    [Fact]
    public async Task Options_Changed_ChangeTheStreamAndTheDisplay()
    {
        await using var log = await LogVisit.StartAsync(
            browser,
            logs =>
            {
                logs.SetClock(TimeProvider.System.GetUtcNow().AddMinutes(-30));
                logs.Print(LogVisit.Web, "old");
                logs.SetClock(TimeProvider.System.GetUtcNow().AddMinutes(-5));
                logs.Print(LogVisit.Web, "stderr", ["complaint"]);
                logs.Print(LogVisit.Web, new string('x', 900));
            }
        );
        await Expect(log.Lines).ToHaveCountAsync(3);

        await log.Page.GetByLabel("Since").SelectOptionAsync("15m");
        await Expect(log.Lines).ToHaveCountAsync(2);
        await log.Page.GetByLabel("Output").SelectOptionAsync("stderr");
        await Expect(log.Lines).ToHaveCountAsync(1);
        Assert.Equal(["complaint"], await log.TextsAsync());
        await log.Page.GetByLabel("Output").SelectOptionAsync("");
        await Expect(log.Lines).ToHaveCountAsync(2);

        var wrapped = await log.Lines.Last.EvaluateAsync<int>("line => line.offsetHeight");
        await log.Page.GetByRole(AriaRole.Button, new() { Name = "Wrap long lines" }).ClickAsync();
        Assert.True(await log.Lines.Last.EvaluateAsync<int>("line => line.offsetHeight") < wrapped);
        Assert.True(await log.Log.EvaluateAsync<bool>("list => list.scrollWidth > list.clientWidth"));

        await log.Page.GetByLabel("Times").SelectOptionAsync("utc");
        var at = DateTimeOffset.Parse(
            (await log.Page.Locator(".line time").First.GetAttributeAsync("title"))!,
            CultureInfo.InvariantCulture
        );
        await Expect(log.Page.Locator(".line time").First).ToContainTextAsync(at.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task CopyAndDownload_ContainOnlyTheLines()
    {
        await using var log = await LogVisit.StartAsync(
            browser,
            logs => logs.Print(LogVisit.Web, "\e[31mone\e[0m", "two", "three"),
            options: new() { Permissions = ["clipboard-read", "clipboard-write"] }
        );
        await Expect(log.Lines).ToHaveCountAsync(3);

        await log.Search.FillAsync("t");
        await log.Page.GetByRole(AriaRole.Button, new() { Name = "Only matching lines" }).ClickAsync();
        await Expect(log.Lines).ToHaveCountAsync(2);
        await log.Page.GetByRole(AriaRole.Button, new() { Name = "Copy" }).ClickAsync();
        await Expect(log.Status).ToHaveTextAsync("Copied 2 lines");
        Assert.Equal("two\nthree", await log.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));

        var download = await log.Page.RunAndWaitForDownloadAsync(() =>
            log.Page.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync()
        );
        Assert.Matches(@"^shop-\d{8}-\d{6}\.log$", download.SuggestedFilename);
        var lines = await File.ReadAllLinesAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal(
            [$"{LogVisit.Web} one", $"{LogVisit.Web} two", $"{LogVisit.Web} three"],
            lines.Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])
        );
    }

    [Fact]
    public async Task Pages_WithLogs_BothThemes_AreAccessible()
    {
        await using var log = await LogVisit.StartAsync(
            browser,
            logs =>
            {
                logs.Print(
                    LogVisit.Web,
                    Enumerable
                        .Range(0, 108)
                        .Select(i =>
                            i < 16 ? $"\e[{(i < 8 ? 30 + i : 82 + i)}mcolour {i}"
                            : i < 32 ? $"\e[{(i < 24 ? 24 + i : 76 + i)}mground {i}"
                            : $"\e[38;2;{i * 53 % 256};{i * 97 % 256};{i * 31 % 256}mtrue {i}"
                        )
                );
                logs.Print(
                    LogVisit.Db,
                    "ERROR red",
                    "WARN amber",
                    "DEBUG muted",
                    """{"level":"error","json":true}""",
                    "nul\0",
                    "\e[2mdim\e[0m \e[7minverse",
                    "ERROR \e[31mred on red"
                );
                logs.Mark(LogVisit.Db, "restarted", "restarted after exit 3");
            }
        );
        await Expect(log.Lines.Filter(new() { HasText = "restarted" })).ToBeVisibleAsync();

        await AssertAccessibleAsync(log);
        await log.ScrollAsync("0");
        await Expect(log.Lines.Filter(new() { HasText = "colour 0" })).ToBeVisibleAsync();
        await log.Search.FillAsync("ground");
        await Expect(log.Found).ToHaveTextAsync("16");
        await log.Search.PressAsync("Enter");
        await AssertAccessibleAsync(log);

        await log.GoAsync(LogVisit.PathOf(LogVisit.Worker));
        await Expect(log.Page.GetByText("Nothing printed yet.")).ToBeVisibleAsync();
        await AssertAccessibleAsync(log);
    }

    private static async Task AssertAccessibleAsync(LogVisit log)
    {
        foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await log.Page.EmulateMediaAsync(new() { ColorScheme = theme });
            await log.ComeAliveAsync();
            await Accessibility.AssertAsync(log.Page);
        }
    }

    [Fact]
    public async Task Phone_Log_FitsTheScreen()
    {
        await using var log = await LogVisit.StartAsync(
            browser,
            logs => logs.Print(LogVisit.Web, $"long {new string('x', 4000)}", "short"),
            options: new()
            {
                ViewportSize = new() { Width = 390, Height = 844 },
            }
        );
        await Expect(log.Lines).ToHaveCountAsync(2);

        Assert.Equal(390, await log.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        Assert.True(await log.Log.EvaluateAsync<bool>("list => list.scrollWidth === list.clientWidth"));
        await log.Page.GetByRole(AriaRole.Button, new() { Name = "more characters" }).ClickAsync();
        Assert.Equal(4005, (await log.TextsAsync())[0].Length);
    }

    [Fact]
    public async Task UnknownContainer_SaysSo()
    {
        await using var log = await LogVisit.StartAsync(browser, _ => { }, "/containers/0123456789ab/logs");

        await Expect(log.Page.GetByText("No container on lab-1 has the id 0123456789ab.")).ToBeVisibleAsync();
        Assert.Empty(log.Logs.Calls);
    }

    [Theory]
    [InlineData(404, "This container is not known any more.", "This container is not known any more.")]
    [InlineData(429, "You read 8 logs already: close one.", "You read 8 logs already: close one.")]
    [InlineData(400, "The driver syslog keeps no lines that can be read.", "The driver syslog keeps no lines that can be read.")]
    public async Task Refusal_ShowsTheCollectorsMessage_AndAllowsARetry(int status, string sentence, string shown)
    {
        await using var log = await LogVisit.StartAsync(
            browser,
            logs =>
            {
                logs.Print(LogVisit.Web, "one");
                logs.Refusal = (status, sentence);
            }
        );

        await Expect(log.Status).ToHaveTextAsync(shown);
        log.Logs.Refusal = null;
        await log.Page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();

        await Expect(log.Lines).ToHaveCountAsync(1);
        await Expect(log.Status).ToHaveTextAsync("Live");
    }
}
