using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

/// <summary>An open log page: one app with three containers, and the elements of its pages.</summary>
internal sealed class LogVisit : IAsyncDisposable
{
    public const string Web = "shop-web-1";
    public const string Worker = "shop-worker-1";
    public const string Db = "shop-db-1";

    private LogVisit(Visit visit) => Visit = visit;

    public Visit Visit { get; }

    public IPage Page => Visit.Page;

    public FakeLogs Logs => Visit.Collector.Logs;

    public ILocator Lines => Page.Locator("fleet-logs .line");

    public ILocator Log => Page.GetByRole(AriaRole.Log);

    public ILocator Search => Page.GetByLabel("Search these lines");

    public ILocator Found => Page.Locator("fleet-logs .found");

    public ILocator Status => Page.Locator("fleet-logs .status");

    public ILocator Total => Page.Locator("fleet-logs .total");

    public ILocator Jump => Page.Locator("fleet-logs .jump");

    /// <summary>The texts of the rendered rows.</summary>
    public Task<string[]> TextsAsync() =>
        Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('fleet-logs .line .text')].map(text => text.textContent)");

    /// <summary>The containers of <see cref="Fleet"/>.</summary>
    public static ContainerSnapshot Container(string name) => Fleet().Apps[0].Containers.Single(container => container.Name == name);

    public static FleetSnapshot Fleet() =>
        Snapshots.Create(
            [
                Snapshots.App(
                    "shop",
                    Snapshots.Container("shop", "web"),
                    Snapshots.Container("shop", "worker", HealthColor.Red, "exited", why: "exited with 3, 8 min ago") with
                    {
                        ExitCode = 3,
                    },
                    Snapshots.Database("shop")
                ),
            ],
            at: TimeProvider.System.GetUtcNow()
        );

    public static string PathOf(string container) => $"/containers/{Container(container).Id[..12]}/logs";

    public static async Task<LogVisit> StartAsync(
        BrowserFixture browser,
        Action<FakeLogs> print,
        string path = "/apps/shop/logs",
        BrowserNewContextOptions? options = null
    )
    {
        var visit = await Visit.StartAsync(browser, Fleet(), "/sign-in", options);
        print(visit.Collector.Logs);
        await visit.Page.BecomeLiveAsync();
        var log = new LogVisit(visit);
        await log.GoAsync(path);
        return log;
    }

    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(new Uri(Visit.App.Url, path).ToString());
        await Visit.BecomeInteractiveAsync();
    }

    /// <summary>Makes the fleet current: the fake Collector sends nothing by itself, and the page turns grey after a while.</summary>
    public async Task ComeAliveAsync()
    {
        Visit.Collector.Push(Fleet());
        await Expect(Page.Locator(".shell:not(.greyed)")).ToBeVisibleAsync();
    }

    /// <summary>Waits until no log is open.</summary>
    public Task NobodyReadsAsync() => Eventually.GetAsync(_ => Task.FromResult(Logs.OpenStreams), open => open == 0);

    public Task<int> ScrollAsync(string to) => Log.EvaluateAsync<int>($"list => {{ list.scrollTop = {to}; return list.scrollTop; }}");

    public Task ExpectCountAsync(string text) => Expect(Total).ToHaveTextAsync(text);

    public ValueTask DisposeAsync() => Visit.DisposeAsync();
}
