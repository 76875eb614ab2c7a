using System.Runtime.Versioning;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Deployment;
using FleetDashboard.Tests.Support.Lab;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

/// <summary>End to end, with a real browser at the port that <c>deploy/compose.yaml</c> publishes.</summary>
[Collection(nameof(ComposeFleet))]
[Trait("Category", "Deployment")]
[SupportedOSPlatform("linux")]
public sealed class DeployedTests(ComposeFleet fleet, EngineFixture engine, BrowserFixture browser)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Restart_ByClick_HappensAndIsInTheTrail()
    {
        var name = engine.NameOf("deployedclick");
        var id = await engine.RunAsync(new LabContainer(name) { StopTimeout = TimeSpan.Zero }, Token);
        var before = (await engine.InspectAsync(id, Token)).State!.StartedAt;
        await fleet.UpAsync(Token);
        await using var port = await fleet.PageFromHostAsync(Token);
        var context = await (await browser.LaunchAsync()).NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = 1440, Height = 1000 },
            }
        );
        await using var _ = context;
        context.SetDefaultTimeout(BrowserFixture.Deadline);
        var page = await context.NewPageAsync();

        await page.SignInAsync(new Uri(port.Address, $"/?q={name}"), password: ComposeFleet.AdminPassword);
        await page.BecomeLiveAsync();
        var card = page.Locator("article", new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true }) });
        await card.Locator("footer [data-actions]").ClickAsync();
        await card.Locator("footer [data-act=restart]").ClickAsync();
        await page.Locator("[data-confirm]").ClickAsync();

        await Expect(card.Locator("[data-job]")).ToContainTextAsync("Succeeded", new() { Timeout = 90_000 });
        Assert.NotEqual(before, (await engine.InspectAsync(id, Token)).State!.StartedAt);
        await card.GetByRole(AriaRole.Link, new() { Name = "Record" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Audit trail" }).Locator("tbody tr").First)
            .ToContainTextAsync("Succeeded");
    }
}
