using FleetDashboard.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

/// <summary>Ports, networks and an app of the demo engine, through the real Collector, in a browser.</summary>
[Trait("Category", "Browser")]
public sealed class PlacesOnARealCollectorTests(BrowserFixture browser)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AllThreePages_ShowWhatTheEngineHas()
    {
        await using var engine = await DemoEngineHost.StartAsync(60, Token);
        await using var collector = await CollectorHost.StartAsync(engine.Endpoint, Token, "--Sampling:Interval=00:00:01");
        await using var web = WebApp.Start(
            collector.Address,
            KeyValuePair.Create<string, string?>("Collectors:SharedSecret", CollectorHost.Secret)
        );
        var view = await web.UntilAsync(view => view.Snapshot?.Totals.CpuCores > 0, Token);
        var app = view.Snapshot!.Apps.First(one =>
            one is { Ports.Length: > 0, Networks.Length: > 0 } && one.Containers.All(container => container.State == "running")
        );
        engine.Crash(app.Containers[0].Name, 3);
        await using var context = await (await browser.LaunchAsync()).NewContextAsync();
        context.SetDefaultTimeout(15_000);
        var page = await context.NewPageAsync();
        await page.SignInAsync(new Uri(web.Url, $"/ports?app={Uri.EscapeDataString(app.Name)}"));
        await page.BecomeLiveAsync();

        await Expect(page.Locator("tbody tr").First).ToContainTextAsync($"{app.Ports[0].Port}");
        await page.GotoAsync(new Uri(web.Url, $"/networks?q={Uri.EscapeDataString(app.Networks[0].Name)}").ToString());
        await page.BecomeLiveAsync();
        await Expect(page.Locator(".line").First).ToContainTextAsync(app.Networks[0].Subnets[0]);
        await page.GetByRole(AriaRole.Table).GetByRole(AriaRole.Link, new() { Name = app.Title, Exact = true }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(app.Title);
        await Expect(page.Locator("[data-chart]").First).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Changes of the last hour" })).ToContainTextAsync("exited with 3");
    }
}
