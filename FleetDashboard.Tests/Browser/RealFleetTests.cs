using Docker.DotNet.Models;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

/// <summary>All parts together: a real engine, the Collector, Web and an open browser.</summary>
[Collection(LabSuite.Name)]
[Trait("Category", "Engine")]
public sealed class RealFleetTests(LabFleet lab, BrowserFixture browser)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Container_Killed_EventAloneTurnsItsCardRed()
    {
        // With these intervals, neither stats nor the reconciliation can bring the change, so the event did.
        await using var collector = await CollectorHost.StartAsync(
            lab.Engine.Endpoint,
            Token,
            "--Sampling:Interval=00:05:00",
            "--Engine:ReconcileInterval=01:00:00"
        );
        var name = lab.Engine.NameOf("victim");
        var id = await lab.Engine.RunAsync(new LabContainer(name), Token);
        await using var app = WebApp.Start(
            collector.Address,
            KeyValuePair.Create<string, string?>("Collectors:SharedSecret", CollectorHost.Secret)
        );
        await app.UntilAsync(view => view.Snapshot?.Apps.Any(one => one.Name == name) == true, Token);
        var page = await OpenAsync(app);
        var card = page.Locator("article", new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true }) });
        await Expect(card).ToContainTextAsync("Healthy");

        await (await lab.Engine.ClientAsync(Token)).Containers.KillContainerAsync(id, new ContainerKillParameters(), Token);

        await Expect(card).ToContainTextAsync("Down");
        await Expect(card).ToContainTextAsync("exited with 137 (killed)");
        await page.Context.DisposeAsync();
    }

    [EngineFact]
    public async Task Fleet_SixtyContainersInEveryState_IsShownAndRunsNoScriptFromNames()
    {
        await using var collector = await CollectorHost.StartAsync(lab.Engine.Endpoint, Token, "--Sampling:Interval=00:00:02");
        await using var app = WebApp.Start(
            collector.Address,
            KeyValuePair.Create<string, string?>("Collectors:SharedSecret", CollectorHost.Secret)
        );
        await app.UntilAsync(view => view.Snapshot?.Totals.CpuCores > 0, Token);
        var page = await OpenAsync(app);
        var dialogs = 0;
        page.Dialog += (_, _) => dialogs++;

        // The name of this app is a script element in a container label.
        var hostile = page.GetByRole(AriaRole.Heading, new() { Name = LabTable.HostileName, Exact = true });
        await Expect(hostile).ToBeVisibleAsync();
        await page.Locator("article", new() { Has = hostile })
            .GetByRole(AriaRole.Button, new() { NameRegex = new("^Containers") })
            .ClickAsync();
        await Expect(page.GetByRole(AriaRole.Table)).ToContainTextAsync("tooltip-one");

        Assert.Equal(0, dialogs);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("down");
        await page.Context.DisposeAsync();
    }

    private async Task<IPage> OpenAsync(WebApp app)
    {
        var context = await (await browser.LaunchAsync()).NewContextAsync();
        context.SetDefaultTimeout(BrowserFixture.Deadline);
        var page = await context.NewPageAsync();
        await page.SignInAsync(app.Url);
        await page.BecomeLiveAsync();
        return page;
    }
}
