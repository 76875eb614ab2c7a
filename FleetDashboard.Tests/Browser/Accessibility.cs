using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace FleetDashboard.Tests.Browser;

/// <summary>Fails if axe finds a serious or critical violation on a page.</summary>
internal static class Accessibility
{
    public static async Task AssertAsync(IPage page)
    {
        var result = await page.RunAxe();
        var bad = result
            .Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation =>
                $"{violation.Id}: {violation.Help}: "
                + string.Join(" | ", violation.Nodes.Take(4).Select(node => node.Html[..Math.Min(160, node.Html.Length)]))
            );
        Assert.Empty(bad);
    }

    /// <summary>Checks the page in both themes.</summary>
    public static async Task AssertInBothThemesAsync(IPage page)
    {
        foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = theme });
            await AssertAsync(page);
        }
    }
}
