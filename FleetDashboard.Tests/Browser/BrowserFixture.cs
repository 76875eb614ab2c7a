using FleetDashboard.Contracts;
using FleetDashboard.Tests.Browser;
using FleetDashboard.Tests.Support;
using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(BrowserFixture))]

namespace FleetDashboard.Tests.Browser;

/// <summary>
/// One Chromium for the run, started by the first test that needs it. If Chromium is missing, the tests are skipped with the reason; with
/// CI=true they fail.
/// </summary>
public sealed class BrowserFixture : IAsyncDisposable
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
    ];

    public const int Deadline = 120_000;

    private readonly SemaphoreSlim _once = new(1, 1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task<IBrowser> LaunchAsync()
    {
        var chromium = Find();
        if (chromium is null && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip("There is no chromium in PATH (Debian: apt install chromium).");
        }
        Assert.True(chromium is not null, "There is no chromium in PATH, and with CI=true no test may be skipped.");
        await _once.WaitAsync();
        try
        {
            // Generous timeouts, because the machine may have other load. They do not measure speed.
            Assertions.SetDefaultExpectTimeout(Deadline);
            _playwright ??= await Playwright.CreateAsync();
            return _browser ??= await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = Arguments });
        }
        finally
        {
            _once.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }
        _playwright?.Dispose();
        _once.Dispose();
    }

    private static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "chromium"))
            .FirstOrDefault(File.Exists);
}

/// <summary>A Collector, the web app on it, and a browser context that has signed in.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private Visit(FakeCollector collector, WebApp app, IBrowserContext context, IPage page) =>
        (Collector, App, Context, Page) = (collector, app, context, page);

    public FakeCollector Collector { get; }

    public WebApp App { get; }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    public List<string> ConsoleErrors { get; } = [];

    public static async Task<Visit> StartAsync(
        BrowserFixture fixture,
        FleetSnapshot? snapshot,
        string path = "/",
        BrowserNewContextOptions? options = null,
        params IEnumerable<KeyValuePair<string, string?>> settings
    )
    {
        var browser = await fixture.LaunchAsync();
        var collector = await FakeCollector.StartAsync(snapshot);
        collector.Detail = app => Histories.Create(app, TimeProvider.System.GetUtcNow());
        var app = WebApp.Start(collector.Url, settings);
        var context = await browser.NewContextAsync(
            options
                ?? new()
                {
                    ViewportSize = new() { Width = 1440, Height = 1000 },
                }
        );
        context.SetDefaultTimeout(BrowserFixture.Deadline);
        var visit = new Visit(collector, app, context, await context.NewPageAsync());
        visit.Page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                visit.ConsoleErrors.Add(message.Text);
            }
        };
        if (snapshot is not null)
        {
            await app.UntilAsync(view => view.Snapshot is not null, TestContext.Current.CancellationToken);
        }
        await visit.SignInAsync(path);

        // Wait for the style sheets: without them the page has another layout.
        await visit.Page.WaitForURLAsync(address => !new Uri(address).AbsolutePath.StartsWith("/sign-in", StringComparison.Ordinal));
        return visit;
    }

    public async Task SignInAsync(string path = "/", string user = WebApp.Admin)
    {
        await Page.SignInAsync(new Uri(App.Url, path), user);
    }

    public ILocator Card(string title) =>
        Page.Locator("article", new() { Has = Page.GetByRole(AriaRole.Heading, new() { Name = title, Exact = true }) });

    /// <summary>
    /// The colour of a card's badge. Waits for it, because it is missing for a moment when the interactive page replaces the prerendered
    /// one.
    /// </summary>
    public static Task<string> ColourAsync(ILocator card) =>
        Eventually.GetAsync(
            _ => card.Locator(".badge").EvaluateAsync<string>("badge => getComputedStyle(badge).color"),
            colour => colour.Length > 0
        );

    /// <summary>Waits until the page is interactive and not only prerendered.</summary>
    public Task BecomeInteractiveAsync() => Page.BecomeLiveAsync();

    /// <summary>Reloads the page and waits until it is interactive.</summary>
    public async Task ReloadAsync()
    {
        await BecomeInteractiveAsync();
        await Page.ReloadAsync();
        await BecomeInteractiveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // Shown with a failure, because a failed page reports no more than this to the browser.
        foreach (
            var line in ConsoleErrors.Concat(
                App.Log.Text.Split('\n')
                    .Where(line =>
                        line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Critical", StringComparison.Ordinal)
                    )
            )
        )
        {
            TestContext.Current.TestOutputHelper?.WriteLine(line);
        }
        await Context.DisposeAsync();
        await App.DisposeAsync();
        await Collector.DisposeAsync();
    }
}
