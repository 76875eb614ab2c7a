using FleetDashboard.Tests.Support;
using Microsoft.Playwright;

namespace FleetDashboard.Tests.Browser;

/// <summary>Opens pages in a browser.</summary>
internal static class SigningIn
{
    /// <summary>Opens a page of the web app and signs in if asked. The caller must wait for what comes next.</summary>
    public static async Task SignInAsync(this IPage page, Uri address, string user = WebApp.Admin, string password = WebApp.Password)
    {
        await page.GotoAsync(address.ToString());
        await page.GetByLabel("User name").FillAsync(user);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    /// <summary>Waits until the page is interactive and not only prerendered.</summary>
    public static Task BecomeLiveAsync(this IPage page) =>
        page.Locator(".shell[data-interactive]").WaitForAsync(new() { Timeout = BrowserFixture.Deadline });
}
