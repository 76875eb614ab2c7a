using Microsoft.Playwright;
using Xunit;

namespace FleetDashboard.Tests.Browser;

/// <summary>
/// Checks a page with axe in both themes, and that it is no wider than a phone. Saves screenshots if FLEET_SHOTS names a folder.
/// </summary>
internal static class PageCheck
{
    public static async Task RunAsync(IPage page, string name)
    {
        await Accessibility.AssertInBothThemesAsync(page);
        foreach (var (theme, width) in new[] { (ColorScheme.Light, 1280), (ColorScheme.Dark, 390) })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = theme });
            await page.SetViewportSizeAsync(width, 900);
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
            if (Environment.GetEnvironmentVariable("FLEET_SHOTS") is { } folder)
            {
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{width}.png") });
            }
        }
        await page.SetViewportSizeAsync(1280, 900);
    }
}
