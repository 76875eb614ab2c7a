using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Oidc;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

/// <summary>Signs in and out at a real provider in a real browser, with its cookies, redirects and Content-Security-Policy.</summary>
public sealed class ProviderTests(BrowserFixture browsers, OidcProvider provider)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Provider_SignInAndOut_EndsEveryTab()
    {
        await provider.StartAsync(Cancelled);
        var browser = await browsers.LaunchAsync();
        var user = $"user-{Guid.NewGuid():N}";
        await provider.SetAccountAsync(user, new { preferred_username = "uma", groups = new[] { "fleet-admins" } }, Cancelled);
        await using var collector = await FakeCollector.StartAsync(Snapshots.Fleet());
        var port = UnusedPort.Find();
        var settings = await provider.RegisterAsync(port, null, Cancelled);
        await using var app = WebApp.StartOn(port, collector.Url, settings);
        await app.UntilAsync(view => view.IsCurrent, Cancelled);
        await using var context = await browser.NewContextAsync();
        context.SetDefaultTimeout(BrowserFixture.Deadline);
        var page = await context.NewPageAsync();

        await page.GotoAsync(new Uri(app.Url, "/ports").ToString());
        await page.GetByLabel("Login").FillAsync(user);
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await page.BecomeLiveAsync();
        Assert.Equal("/ports", new Uri(page.Url).AbsolutePath);

        var other = await context.NewPageAsync();
        await other.GotoAsync(app.Url.ToString());
        await other.BecomeLiveAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "signed in as uma" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();

        // The other tab notices the end while the provider's session still exists. It must not be signed in again by that session.
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Yes, sign me out" })).ToBeVisibleAsync();
        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "You are signed out" })).ToBeVisibleAsync();
        await other.GetByRole(AriaRole.Link, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Expect(other.GetByLabel("Login")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, sign me out" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You are signed out" })).ToBeVisibleAsync();
        await PageCheck.RunAsync(page, "signed-out");

        await page.GotoAsync(new Uri(app.Url, "/sign-in/failed?reason=expired&returnUrl=/ports").ToString());
        await PageCheck.RunAsync(page, "sign-in-failed");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in again" }).ClickAsync();
        await Expect(page.GetByLabel("Login")).ToBeVisibleAsync();
    }
}
