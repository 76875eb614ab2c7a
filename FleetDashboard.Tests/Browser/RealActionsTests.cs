using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using FleetDashboard.Web.Clients;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

/// <summary>Actions on a real engine with the real Collector, Web and browsers.</summary>
[Trait("Category", "Engine")]
public sealed class RealActionsTests(EngineFixture engine, BrowserFixture browser)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Restart_ByClick_RestartsTheContainerAndIsInTheTrail()
    {
        var name = engine.NameOf("clicked");
        var id = await engine.RunAsync(new LabContainer(name), Token);
        var before = (await engine.InspectAsync(id, Token)).State!.StartedAt;
        await using var stage = await StageAsync(name);
        var page = await stage.OpenAsync();

        await RestartAsync(page, name);

        await Expect(Card(page, name).Locator("[data-job]")).ToContainTextAsync("Succeeded", Patient);
        Assert.NotEqual(before, (await engine.InspectAsync(id, Token)).State!.StartedAt);
        await Card(page, name).GetByRole(AriaRole.Link, new() { Name = "Record" }).ClickAsync();
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "Audit trail" }).Locator("tbody tr");
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(rows.First).ToContainTextAsync("Succeeded");
        await Expect(rows.First).ToContainTextAsync(WebApp.Admin);
        await rows.First.Locator("td").Last.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("127.0.0.1");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync(id);
    }

    [EngineFact]
    public async Task DoubleClick_OnRestart_RestartsOnce()
    {
        var name = engine.NameOf("doubleclicked");
        await engine.RunAsync(new LabContainer(name), Token);
        await using var stage = await StageAsync(name);
        var page = await stage.OpenAsync();

        await RestartAsync(page, name, twice: true);
        await Expect(Card(page, name).Locator("[data-job]")).ToContainTextAsync("Succeeded", Patient);

        var jobs = stage.Web.Services.GetRequiredService<JobFeed>().Current;
        Assert.Single(jobs.Active.Concat(jobs.Ended));
    }

    [EngineFact]
    public async Task Database_OffersNoActionAndSaysWhy()
    {
        var name = engine.NameOf("keptsafe");
        await engine.RunAsync(new LabContainer(name) { Labels = new Dictionary<string, string> { ["fleet.database"] = "true" } }, Token);
        await using var stage = await StageAsync(name);
        var page = await stage.OpenAsync($"/?open={name}");

        var row = Card(page, name).Locator("tbody tr");
        await Expect(row.Locator("td").Last).ToHaveTextAsync("database, by its label fleet.database");
        await Expect(Card(page, name).Locator("[data-act]")).ToHaveCountAsync(0);
    }

    [EngineFact]
    public async Task SecondOperator_DuringAJob_SeesWhoStartedIt()
    {
        // It ignores SIGTERM, so stopping takes the whole stop timeout.
        var name = engine.NameOf("slowtostop");
        await engine.RunAsync(new LabContainer(name) { Command = ["sh", "-c", "trap '' TERM; while :; do sleep 1; done"] }, Token);
        await using var stage = await StageAsync(name);
        await stage.Web.AddUserAsync("olga", Roles.Operator);
        var first = await stage.OpenAsync();
        var second = await stage.OpenAsync(user: "olga");

        await RestartAsync(first, name);

        await Expect(Card(second, name).Locator("[data-job]")).ToContainTextAsync("by admin · Running", Patient);
        await Card(second, name).Locator("footer [data-actions]").ClickAsync();
        await Expect(Card(second, name).Locator("footer [data-menu]")).ToContainTextAsync($"admin asked for restart of {name}");
        await Expect(Card(second, name).Locator("[data-job]")).ToContainTextAsync("Succeeded", Patient);
    }

    [EngineFact]
    public async Task Export_Downloaded_ContainsTheTrail()
    {
        var name = engine.NameOf("exported");
        await engine.RunAsync(new LabContainer(name), Token);
        await using var stage = await StageAsync(name);
        var page = await stage.OpenAsync();
        await RestartAsync(page, name);
        await Expect(Card(page, name).Locator("[data-job]")).ToContainTextAsync("Succeeded", Patient);
        await page.GotoAsync(new Uri(stage.Web.Url, $"/activity?app={name}").ToString());
        await page.BecomeLiveAsync();

        Assert.StartsWith("sequence,at,user", await DownloadAsync(page, "CSV"), StringComparison.Ordinal);
        var lines = (await DownloadAsync(page, "JSON lines")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Contains(name, line, StringComparison.Ordinal));
    }

    private static LocatorAssertionsToContainTextOptions Patient => new() { Timeout = 90_000 };

    private static ILocator Card(IPage page, string name) =>
        page.Locator("article", new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true }) });

    private static async Task RestartAsync(IPage page, string name, bool twice = false)
    {
        await Card(page, name).Locator("footer [data-actions]").ClickAsync();
        await Card(page, name).Locator("footer [data-act=restart]").ClickAsync();
        var confirm = page.Locator("[data-confirm]");
        await (twice ? confirm.DblClickAsync() : confirm.ClickAsync());
    }

    private static async Task<string> DownloadAsync(IPage page, string name)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync());
        return await File.ReadAllTextAsync(await download.PathAsync(), Token);
    }

    private async Task<Stage> StageAsync(string name)
    {
        var stage = await Stage.StartAsync(engine.Endpoint, await browser.LaunchAsync());
        await stage.Web.UntilAsync(view => view.Snapshot?.Apps.Any(app => app.Name == name) == true, Token);
        return stage;
    }

    /// <summary>The Collector on the engine, Web on it, and the viewers' browsers.</summary>
    private sealed class Stage(CollectorHost collector, WebApp web, IBrowser browser) : IAsyncDisposable
    {
        private readonly List<IBrowserContext> _contexts = [];

        public WebApp Web => web;

        public static async Task<Stage> StartAsync(Uri engine, IBrowser browser)
        {
            var collector = await CollectorHost.StartAsync(engine, Token);
            return new Stage(
                collector,
                WebApp.Start(collector.Address, KeyValuePair.Create<string, string?>("Collectors:SharedSecret", CollectorHost.Secret)),
                browser
            );
        }

        public async Task<IPage> OpenAsync(string path = "/", string user = WebApp.Admin)
        {
            var context = await browser.NewContextAsync(
                new()
                {
                    ViewportSize = new() { Width = 1440, Height = 1000 },
                }
            );
            _contexts.Add(context);
            context.SetDefaultTimeout(BrowserFixture.Deadline);
            var page = await context.NewPageAsync();
            await page.SignInAsync(new Uri(web.Url, path), user);
            await page.BecomeLiveAsync();
            return page;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var context in _contexts)
            {
                await context.DisposeAsync();
            }
            await web.DisposeAsync();
            await collector.DisposeAsync();
        }
    }
}
