using System.Globalization;
using Docker.DotNet.Models;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

/// <summary>From a container's output on a real engine to the text in a browser.</summary>
[Trait("Category", "Engine")]
public sealed class LogsOnARealEngineTests(EngineFixture engine, BrowserFixture browser)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task RedCard_Reason_ShowsTheLastLinesBeforeTheExit()
    {
        var name = engine.NameOf("logcrash");
        await using var all = await StartAsync(
            name,
            "seq -f 'step %.0f' 1 800; printf '\\033[31m<script>window.hacked=1</script>\\033[0m\\n'; echo 'fatal: no disk' >&2; exit 3",
            "exited"
        );

        await all.Page.Locator("article", new() { HasText = name }).GetByRole(AriaRole.Link, new() { Name = "exited with 3" }).ClickAsync();

        await Expect(all.Page.Locator("[data-kind=reason]")).ToBeInViewportAsync();
        await Expect(all.Page.Locator("[data-kind=reason]")).ToContainTextAsync("exited here with code 3");
        await Expect(all.Page.Locator(".line[data-level=fatal]")).ToContainTextAsync("fatal: no disk");
        await Expect(all.Page.Locator(".line .c1")).ToHaveTextAsync("<script>window.hacked=1</script>");
        Assert.True(await all.Page.EvaluateAsync<bool>("() => window.hacked === undefined"));
    }

    [EngineFact]
    public async Task FloodAndRestart_Followed_NoLineIsMissingOrDuplicated()
    {
        const int Lines = 40_000;
        var name = engine.NameOf("logrerun");
        await using var all = await StartAsync(
            name,
            $"awk 'BEGIN{{for(i=1;i<={Lines};i++)print \"number \" i}}'; exec sleep 600",
            "running"
        );

        await all.Page.GotoAsync(new Uri(all.Web.Url, $"/apps/{name}/logs?since=all").ToString());
        await Expect(all.Page.Locator("fleet-logs .total"))
            .ToHaveTextAsync(string.Create(CultureInfo.InvariantCulture, $"{Lines:N0} lines"));

        await (await engine.ClientAsync(Token)).Containers.RestartContainerAsync(
            name,
            new ContainerRestartParameters { WaitBeforeKillSeconds = 0 },
            Token
        );

        var search = all.Page.GetByLabel("Search these lines");
        await search.FillAsync("number ");
        await Expect(all.Page.Locator("fleet-logs .found")).ToHaveTextAsync(string.Create(CultureInfo.InvariantCulture, $"{2 * Lines:N0}"));
        await search.FillAsync("start");
        await Expect(all.Page.Locator("fleet-logs .found")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"^\d+$"));
        await search.PressAsync("Enter");
        await Expect(all.Page.Locator(".line.event.current")).ToBeInViewportAsync();
    }

    private async Task<RealLogs> StartAsync(string name, string script, string state)
    {
        var collector = await CollectorHost.StartAsync(engine.Endpoint, Token);
        await engine.RunAsync(new LabContainer(name) { Command = ["sh", "-c", script] }, Token);
        var web = WebApp.Start(collector.Address, KeyValuePair.Create<string, string?>("Collectors:SharedSecret", CollectorHost.Secret));
        await web.UntilAsync(
            view => view.Snapshot?.Apps.Any(app => app.Containers.Any(one => one.Name == name && one.State == state)) == true,
            Token
        );
        var context = await (await browser.LaunchAsync()).NewContextAsync();
        context.SetDefaultTimeout(BrowserFixture.Deadline);
        var page = await context.NewPageAsync();
        await page.SignInAsync(web.Url);
        await page.BecomeLiveAsync();
        return new RealLogs(engine, name, collector, web, page);
    }

    private sealed record RealLogs(EngineFixture Engine, string Name, CollectorHost Collector, WebApp Web, IPage Page) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Page.Context.DisposeAsync();
            await Web.DisposeAsync();
            await Collector.DisposeAsync();
            await (await Engine.ClientAsync()).Containers.RemoveContainerAsync(Name, new ContainerRemoveParameters { Force = true });
        }
    }
}
