using Microsoft.Playwright;

namespace FleetDashboard.Tests.Browser;

/// <summary>
/// The tests live in the network of the engine, where other tests' containers make and remove interfaces. At each, Chromium breaks off whatever
/// it is loading (ERR_NETWORK_CHANGED), a script as well as a page: what did not come is loaded once more, as a person would.
/// </summary>
internal static class ChangingNetwork
{
    private const int Attempts = 4;
    private const float OneAttempt = 20_000;

    /// <summary>Goes to an address.</summary>
    public static async Task GoToAsync(this IPage page, string address)
    {
        for (var left = Attempts; ; left--)
        {
            try
            {
                await page.GotoAsync(address);
                return;
            }
            catch (PlaywrightException broken) when (left > 1 && broken.Message.Contains("ERR_NETWORK_CHANGED", StringComparison.Ordinal))
            {
                // Once more.
            }
        }
    }

    /// <summary>Waits until the page is live: before, it is only drawn.</summary>
    public static async Task BecomeLiveAsync(this IPage page)
    {
        for (var left = Attempts; ; left--)
        {
            try
            {
                await page.Locator(".shell[data-interactive]").WaitForAsync(new() { Timeout = OneAttempt });
                return;
            }
            catch (TimeoutException) when (left > 1)
            {
                await page.ReloadAsync();
            }
        }
    }
}
