using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

/// <summary>Two hosts as one fleet, in a real browser on the real server.</summary>
[Trait("Category", "Browser")]
public sealed class SeveralHostsTests(BrowserFixture browser) : IAsyncLifetime
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();
    private FakeCollector _two = default!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _two = await FakeCollector.StartAsync(TwoHosts.Two(at: Now));

    public ValueTask DisposeAsync() => _two.DisposeAsync();

    [Fact]
    public async Task Fleet_ShowsTheHostOnEachCardAndFiltersByIt()
    {
        await using var visit = await StartAsync();

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("All 4 apps are green");
        await Expect(visit.Page.Locator("article")).ToHaveCountAsync(4);
        await Expect(visit.Page.Locator("article .host", new() { HasText = "lab-2" })).ToHaveCountAsync(2);

        await visit.BecomeInteractiveAsync();
        await visit.Page.Locator("[data-host=lab-2]").ClickAsync();
        await Expect(visit.Page.Locator("article")).ToHaveCountAsync(2);
        await Expect(visit.Page.Locator("article .host", new() { HasText = "lab-1" })).ToHaveCountAsync(0);
        Assert.EndsWith("/?host=lab-2", visit.Page.Url, StringComparison.Ordinal);
        Assert.Empty(visit.ConsoleErrors);
        await Accessibility.AssertInBothThemesAsync(visit.Page);
    }

    [Fact]
    public async Task Host_Unreachable_OnlyItsCardsTurnGreyAndItIsNamed()
    {
        await using var visit = await StartAsync();
        var (mine, theirs) = (Card(visit, "Wiki", "lab-1"), Card(visit, "Wiki", "lab-2"));
        await Expect(theirs).ToBeVisibleAsync();
        var green = await Visit.ColourAsync(mine);
        Assert.Equal(green, await Visit.ColourAsync(theirs));

        await _two.GoAsync();

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("lab-2 does not answer since");
        await Expect(visit.Page).ToHaveTitleAsync("lab-2 does not answer · Fleet");
        await Expect(visit.Page.Locator("link[rel=icon]")).ToHaveAttributeAsync("href", "icon-amber.svg");
        await Expect(theirs).ToHaveAttributeAsync("aria-label", "Wiki on lab-2: last known Healthy");
        Assert.Equal(green, await Visit.ColourAsync(mine));
        Assert.NotEqual(green, await Visit.ColourAsync(theirs));
        await Expect(visit.Page.GetByText("Its last known state is shown")).ToBeVisibleAsync();

        await _two.ListenAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("All 4 apps are green");
        Assert.Equal(green, await Visit.ColourAsync(theirs));
    }

    [Fact]
    public async Task Restart_TwoAppsOfOneName_GoesOnlyToTheChosenHost()
    {
        await using var visit = await StartAsync();
        await visit.BecomeInteractiveAsync();
        var (mine, theirs) = (Card(visit, "Wiki", "lab-1"), Card(visit, "Wiki", "lab-2"));

        await theirs.Locator("footer [data-actions]").ClickAsync();
        await theirs.Locator("footer [data-act=restart]").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Restart Wiki on lab-2?");
        await visit.Page.Locator("[data-confirm]").ClickAsync();

        await Expect(theirs.Locator("[data-job]")).ToBeVisibleAsync();
        await Expect(mine.Locator("[data-job]")).ToHaveCountAsync(0);
        Assert.Empty(visit.Collector.Jobs.Posts);
        Assert.Single(_two.Jobs.Posts);
    }

    [Fact]
    public async Task AppPage_ShowsTheHostInItsAddress_AndLinksToTheOther()
    {
        _two.Detail = app => Histories.Create(app, Now);
        await using var visit = await StartAsync("/apps/wiki?host=lab-2");

        await Expect(visit.Page.GetByText("1 container on lab-2")).ToBeVisibleAsync();
        await Eventually.GetAsync(_ => Task.FromResult(_two.AppCalls.Count), calls => calls > 0);
        Assert.Empty(visit.Collector.AppCalls);
        await visit.Page.GetByText("An app with this name also runs on").GetByRole(AriaRole.Link).ClickAsync();
        await Expect(visit.Page.GetByText("1 container on lab-1")).ToBeVisibleAsync();
        Assert.EndsWith("/apps/wiki?host=lab-1", visit.Page.Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/apps/wiki/logs?host=lab-2")]
    [InlineData(null)]
    public async Task Logs_OfAnApp_AreReadFromItsHost(string? path)
    {
        var id = TwoHosts.Two().Apps.Single(app => app.Name == "wiki").Containers[0].Id;
        _two.Logs.Print("lab-2/wiki-web-1", "said on lab-2");
        await using var visit = await StartAsync(path ?? $"/containers/{id[..12]}/logs");

        await Expect(visit.Page.Locator(".line").First).ToContainTextAsync("said on lab-2");
    }

    [Fact]
    public async Task Activity_ShowsOneTrail_AndExportsOneHost()
    {
        await using var visit = await StartAsync(
            "/activity",
            collector =>
                collector.Jobs.Write(FakeJobs.Record(7, "ann", ActionNames.Restart, "wiki", AuditPhases.Outcome, JobStates.Succeeded))
        );
        _two.Jobs.Write(FakeJobs.Record(7, "bob", ActionNames.Restart, "wiki", AuditPhases.Outcome, JobStates.Failed));
        await visit.ReloadAsync();
        var table = visit.Page.GetByRole(AriaRole.Region, new() { Name = "Audit trail" });

        await Expect(table.Locator("tbody tr")).ToHaveCountAsync(2);
        await Expect(table.Locator("tbody tr", new() { HasText = "bob" })).ToContainTextAsync("lab-2");
        await Expect(visit.Page.GetByText("choose a host")).ToBeVisibleAsync();

        await visit.Page.GetByLabel("Host").SelectOptionAsync("lab-2");
        await Expect(table.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "CSV" }))
            .ToHaveAttributeAsync("href", "activity/export?format=csv&host=lab-2");
        await table.Locator("tbody tr").GetByRole(AriaRole.Link, new() { Name = "7" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("bob");
    }

    [Fact]
    public async Task PortsAndNetworks_ShowTheHost()
    {
        await using var visit = await StartAsync("/ports");
        await Expect(
                visit.Page.GetByRole(AriaRole.Region, new() { Name = "Published ports" }).Locator("tbody tr", new() { HasText = "lab-2" })
            )
            .ToHaveCountAsync(1);

        await visit.Page.GotoAsync(new Uri(visit.App.Url, "/networks").ToString());
        await Expect(visit.Page.GetByText("1 range is in use on several hosts")).ToBeVisibleAsync();
        await Expect(
                visit.Page.GetByRole(AriaRole.Region, new() { Name = "Networks" }).Locator("tbody tr", new() { HasText = "lab-1, lab-2" })
            )
            .ToHaveCountAsync(1);
    }

    [Theory(Explicit = true)]
    [InlineData("light", 1440, 900)]
    [InlineData("dark", 1440, 900)]
    [InlineData("dark", 390, 1400)]
    public async Task Pictures(string theme, int width, int height)
    {
        var options = new BrowserNewContextOptions
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = theme == "dark" ? ColorScheme.Dark : ColorScheme.Light,
        };
        await using var third = await FakeCollector.StartAsync(
            Snapshots.Fleet(at: Now) with
            {
                Host = TwoHosts.One().Host with { Name = "lab-3", EngineId = "3" },
            }
        );
        await using var visit = await Visit.StartAsync(
            browser,
            TwoHosts.One(HealthColor.Red, at: Now),
            "/",
            options,
            KeyValuePair.Create<string, string?>("Collectors:Hosts:1:Url", _two.Url.ToString()),
            KeyValuePair.Create<string, string?>("Collectors:Hosts:2:Url", third.Url.ToString())
        );
        await visit.BecomeInteractiveAsync();
        await _two.GoAsync();
        await Expect(visit.Page.GetByText("lab-2 does not answer").First).ToBeVisibleAsync();
        foreach (
            var (path, name) in (IEnumerable<(string, string)>)
                [
                    ("/", "fleet"),
                    ("/ports", "ports"),
                    ("/networks", "networks"),
                    ("/activity", "activity"),
                    ("/apps/wiki?host=lab-1", "app"),
                ]
        )
        {
            await visit.Page.GotoAsync(new Uri(visit.App.Url, path).ToString());
            await visit.BecomeInteractiveAsync();
            await visit.Page.ScreenshotAsync(
                new()
                {
                    Path = Path.Combine(
                        Environment.GetEnvironmentVariable("FLEET_SHOTS") ?? Path.GetTempPath(),
                        $"hosts-{name}-{theme}-{width}.png"
                    ),
                }
            );
        }
    }

    private static ILocator Card(Visit visit, string title, string host) => visit.Page.Locator($"article[aria-label^='{title} on {host}']");

    private async Task<Visit> StartAsync(string path = "/", Action<FakeCollector>? prepare = null)
    {
        var visit = await Visit.StartAsync(
            browser,
            TwoHosts.One(at: Now),
            path,
            null,
            KeyValuePair.Create<string, string?>("Collectors:Hosts:1:Url", _two.Url.ToString())
        );
        prepare?.Invoke(visit.Collector);
        await visit.App.UntilFleetAsync(view => view.Hosts.All(host => host.IsCurrent), Token);
        return visit;
    }
}
