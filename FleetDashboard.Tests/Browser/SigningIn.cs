using FleetDashboard.Tests.Support;
using Microsoft.Playwright;

namespace FleetDashboard.Tests.Browser;

/// <summary>How one gets to a page with a browser.</summary>
internal static class SigningIn
{
    /// <summary>Goes to a page of the web app and signs in where it asks for it. What comes after is for the caller to wait for.</summary>
    public static async Task SignInAsync(this IPage page, Uri address, string user = WebApp.Admin, string password = WebApp.Password)
    {
        await page.GotoAsync(address.ToString());
        await page.GetByLabel("User name").FillAsync(user);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    /// <summary>Waits until the page is live: before, it is only drawn.</summary>
    public static Task BecomeLiveAsync(this IPage page) =>
        page.Locator(".shell[data-interactive]").WaitForAsync(new() { Timeout = BrowserFixture.Deadline });
}
