using FleetDashboard.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

/// <summary>The dashboard under a reverse proxy's path, in a real browser: sign-in, files, circuit, links, logs and sign-out.</summary>
public sealed class PathPrefixTests(BrowserFixture browsers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/fleet", true, false)]
    [InlineData("/fleet", true, true)]
    [InlineData("/tools/fleet-1.2", false, true)]
    public async Task Dashboard_UnderAPath_Works(string prefix, bool strips, bool isConfigured)
    {
        var browser = await browsers.LaunchAsync();
        await using var collector = await FakeCollector.StartAsync(LogVisit.Fleet());
        collector.Logs.Print(LogVisit.Web, "a line of the log");
        await using var app = WebApp.Start(
            collector.Url,
            [new("Proxy:Trusted:0", "127.0.0.1"), new("Proxy:PathBase", isConfigured ? prefix : null)]
        );
        await using var proxy = new PrefixProxy(app.Url, prefix, strips);
        await app.UntilAsync(view => view.IsCurrent, Cancelled);
        await using var context = await browser.NewContextAsync();
        context.SetDefaultTimeout(BrowserFixture.Deadline);
        var page = await context.NewPageAsync();
        var failed = new List<string>();
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
            {
                failed.Add($"{response.Status} {response.Url}");
            }
        };

        await page.SignInAsync(new Uri(proxy.Url, "apps/shop"));
        await page.BecomeLiveAsync();
        Assert.Equal($"{prefix}/apps/shop", new Uri(page.Url).AbsolutePath);

        await page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Ports" }).First.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Uri(proxy.Url, "ports").ToString());
        await page.GotoAsync(new Uri(proxy.Url, "apps/shop/logs").ToString());
        await Expect(page.GetByText("a line of the log").First).ToBeVisibleAsync();
        await page.GotoAsync(new Uri(proxy.Url, "account").ToString());
        Assert.All(await context.CookiesAsync(), cookie => Assert.Equal(prefix, cookie.Path));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).First.ClickAsync();
        await Expect(page.GetByLabel("User name")).ToBeVisibleAsync();

        Assert.Equal($"{prefix}/sign-in", new Uri(page.Url).AbsolutePath);
        Assert.Empty(failed);
    }
}
