using System.Collections.Concurrent;
using System.Reflection;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Components.Pages.Account;
using FleetDashboard.Web.Components.Pages.Activity;
using FleetDashboard.Web.Components.Pages.Apps;
using FleetDashboard.Web.Components.Pages.Fleet;
using FleetDashboard.Web.Components.Pages.Logs;
using FleetDashboard.Web.Components.Pages.Networks;
using FleetDashboard.Web.Components.Pages.Ports;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

/// <summary>
/// Every page with real content and every part open, at the width of a phone, a tablet and a desktop. A new page that is not listed here
/// fails <see cref="EveryPage_IsVisited"/>. FLEET_SHOTS names a folder for screenshots of all pages in both themes.
/// </summary>
[Trait("Category", "Browser")]
public sealed class EveryPageTests(BrowserFixture browser)
{
    private static readonly int[] Widths = [390, 820, 1440];
    private static readonly string Host = Uri.EscapeDataString(CrowdedFleet.HostName);

    private static readonly PageVisit[] Visits =
    [
        new(typeof(FleetPage), "/"),
        new(
            typeof(FleetPage),
            $"/?open={Host}/{CrowdedFleet.LongApp}",
            Open: page => page.Locator("article.open [data-actions]").First.ClickAsync()
        ),
        new(typeof(FleetPage), $"/?open={Host}/{CrowdedFleet.SickApp}&tab=logs", Open: HasLinesAsync),
        new(typeof(FleetPage), $"/?host={Host}&q=nothing_has_this", Open: page => page.Locator(".who").ClickAsync()),
        new(typeof(FleetPage), "/?show=grey", Open: page => page.EvaluateAsync("() => document.getElementById('help').showModal()")),
        new(typeof(FleetPage), "/?q=warehouse", Open: RequestAsync),
        new(
            typeof(AppPage),
            $"/apps/{CrowdedFleet.LongApp}?host={Host}",
            Open: page => page.Locator("[data-actions-of] [data-actions]").ClickAsync()
        ),
        new(typeof(AppPage), $"/apps/{CrowdedFleet.SickApp}?host={Host}"),
        new(typeof(AppPage), $"/apps/nothing-known?host={Host}"),
        new(typeof(AppPage), "/apps/no-such-app"),
        new(typeof(AppLogsPage), $"/apps/{CrowdedFleet.SickApp}/logs?host={Host}", Open: HasLinesAsync),
        new(typeof(AppLogsPage), $"/apps/{CrowdedFleet.SickApp}/logs?host={Host}&find=nothing_has_this&only=1"),
        new(
            typeof(ContainerLogsPage),
            $"/containers/{Snapshots.IdOf($"{CrowdedFleet.SickApp}-part-00-1")[..12]}/logs",
            Open: HasLinesAsync
        ),
        new(typeof(ContainerLogsPage), "/containers/0123456789ab/logs"),
        new(typeof(PortsPage), "/ports"),
        new(typeof(PortsPage), "/ports?q=nothing_has_this"),
        new(typeof(NetworksPage), "/networks"),
        new(typeof(NetworksPage), $"/networks?q={CrowdedFleet.LongApp}&host={Host}&size=64"),
        new(typeof(ActivityPage), "/activity", Open: OpenJobsAsync),
        new(
            typeof(ActivityPage),
            $"/activity?record={Host}/10",
            Open: page => Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Hash")
        ),
        new(typeof(ActivityPage), "/activity?user=nobody"),
        new(typeof(AccountPage), "/account"),
        new(typeof(UsersPage), "/users"),
        new(typeof(NoAccessPage), "/no-access"),
        new(typeof(StatusPage), "/status/404", Status: 404),
        new(typeof(StatusPage), "/no-such-page", Status: 404),
        new(typeof(StatusPage), "/status/500", Status: 500),
        new(typeof(SignInPage), "/sign-in?returnUrl=%2Fports", SignedOut: true),
        new(typeof(SignInFailedPage), "/sign-in/failed", SignedOut: true, AtProvider: true),
        new(typeof(SignedOutPage), "/signed-out", SignedOut: true, AtProvider: true),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void EveryPage_IsVisited()
    {
        var pages = typeof(FleetPage).Assembly.GetTypes().Where(type => type.GetCustomAttributes<RouteAttribute>().Any());

        Assert.Empty(pages.Except(Visits.Select(visit => visit.Page)).Select(page => page.FullName));
    }

    [Fact]
    public async Task EveryPage_AtEveryWidth_HasNoClippedOrHiddenPartAndNoIncompleteSentence()
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var crowd = await CrowdAsync(now);
        await using var demo = await DemoEngineHost.StartAsync(cancellationToken: Token);
        await using var real = await CollectorHost.StartAsync(
            demo.Endpoint,
            Token,
            $"--Auth:SharedSecret={FakeCollector.Secret}",
            "--Engine:HostName=the-demo-engine"
        );
        demo.Kill(demo.Fleet.All[3].Plan.Name);
        await using var app = WebApp.Start(
            crowd.Url,
            Setting("Collectors:Hosts:1:Url", real.Address.ToString()),
            Setting("Collectors:Hosts:2:Url", $"http://127.0.0.1:{TwoHosts.FreePort()}"),
            Setting("Collectors:Hosts:2:Name", "a-host-that-is-gone")
        );
        await using var provided = WebApp.Start(
            crowd.Url,
            Setting("Auth:Oidc:Authority", "http://127.0.0.1:9"),
            Setting("Auth:Oidc:ClientId", "fleet"),
            Setting("Auth:Oidc:DefaultRole", "viewer"),
            Setting("Auth:Oidc:ClientSecret", "none")
        );
        await app.UntilFleetAsync(
            view => view.Hosts.Count(host => host.Snapshot is { Totals.CpuCores: not null }) == 2 && view.Hosts.Any(host => host.IsSilent),
            Token
        );
        await using var signedIn = await ContextAsync();
        await using var signedOut = await ContextAsync();
        var page = await signedIn.NewPageAsync();
        await page.SignInAsync(app.Url);
        await page.BecomeLiveAsync();
        using var goesOn = new PeriodicTimer(TimeSpan.FromSeconds(4));
        var news = SendNewsAsync(crowd, goesOn);
        var outside = await signedOut.NewPageAsync();

        var faults = new List<string>();
        foreach (var visit in Visits)
        {
            faults.AddRange(await LookAsync(visit, visit.SignedOut ? outside : page, (visit.AtProvider ? provided : app).Url));
        }

        goesOn.Dispose();
        await news;
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Theory]
    [InlineData("no answer yet")]
    [InlineData("no containers")]
    [InlineData("stale without a reason")]
    [InlineData("stale with an empty reason")]
    [InlineData("stale from the start")]
    [InlineData("an engine that does not describe itself")]
    [InlineData("the largest values")]
    [InlineData("the smallest values")]
    public async Task EveryState_OfOneHost_IsDescribedInCompleteSentences(string state)
    {
        await using var collector = await FakeCollector.StartAsync(StateOf(state));
        await using var app = WebApp.Start(collector.Url);
        await using var context = await ContextAsync();
        var page = await context.NewPageAsync();
        await page.SignInAsync(app.Url);
        await page.BecomeLiveAsync();

        var faults = new List<string>();
        foreach (var path in new[] { "/", "/?open=billing", "/apps/billing", "/ports", "/networks", "/activity" })
        {
            faults.AddRange(await LookAsync(new PageVisit(typeof(FleetPage), path), page, app.Url));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    // What a Collector may report about its engine, with some values missing.
    private static FleetSnapshot? StateOf(string state)
    {
        var fleet = Snapshots.Fleet();
        var unknown = new HostSnapshot("", "", "", "", 0, 0, false);
        return state switch
        {
            "no answer yet" => null,
            "no containers" => Snapshots.Create([]),
            "stale without a reason" => fleet with { Stale = true },
            "stale with an empty reason" => fleet with { Stale = true, StaleReason = "", StaleSince = Snapshots.At },
            "stale from the start" => Snapshots.Create([]) with
            {
                Stale = true,
                StaleReason = "The engine refused the list of containers.",
                TakenAt = default,
                Host = unknown,
            },
            "an engine that does not describe itself" => fleet with { Host = unknown },
            "the largest values" => Absurd.Corrupt(PlaceFleets.Fleet(), Absurd.Kinds["largest"]),
            "the smallest values" => Absurd.Corrupt(PlaceFleets.Fleet(), Absurd.Kinds["smallest"]),
            _ => throw new ArgumentException($"Unknown state: {state}.", nameof(state)),
        };
    }

    private static async Task<FakeCollector> CrowdAsync(DateTimeOffset now)
    {
        var crowd = await FakeCollector.StartAsync(CrowdedFleet.Create(now));
        crowd.Detail = app => Histories.Create(app, now);
        crowd.Logs.SetClock(now.AddMinutes(-3));
        crowd.Logs.Print($"{CrowdedFleet.SickApp}-part-00-1", Enumerable.Range(1, 40).Select(n => $"line {n} {new string('x', n * 12)}"));
        crowd.Logs.Mark($"{CrowdedFleet.SickApp}-part-00-1", "restarted", "restarted after exit 3");
        crowd.Jobs.Write(
            Enumerable
                .Range(1, 24)
                .Select(n =>
                    FakeJobs.Record(
                        n,
                        n % 3 == 0 ? "ops" : "an-operator-with-a-long-address@some-company.example.org",
                        "restart",
                        n % 2 == 0 ? CrowdedFleet.LongApp : CrowdedFleet.SickApp,
                        n % 4 == 1 ? AuditPhases.Refusal : AuditPhases.Outcome,
                        n % 4 == 1 ? "database" : "failed",
                        $"It ended again at once with 1: {new string('y', 90)}",
                        $"{n / 2:x32}"
                    )
                )
        );
        crowd.Jobs.Put(
            FakeJobs.Running(
                CrowdedFleet.LongApp,
                ActionNames.Pull,
                "ops",
                0.62,
                "6 of 9 layers, 212 of 331 MB.",
                $"{CrowdedFleet.LongApp}-web-1",
                $"{CrowdedFleet.LongApp}-worker-1"
            ) with
            {
                CanCancel = true,
            },
            $"Pulling from {new string('z', 300)}"
        );
        return crowd;
    }

    // Behaves like a running Collector: a Collector that sends nothing is greyed after a while.
    private static async Task SendNewsAsync(FakeCollector crowd, PeriodicTimer timer)
    {
        for (var sequence = 2; await timer.WaitForNextTickAsync(Token); sequence++)
        {
            crowd.Push(CrowdedFleet.Create(TimeProvider.System.GetUtcNow(), sequence));
        }
    }

    private static async Task<List<string>> LookAsync(PageVisit visit, IPage page, Uri app)
    {
        var wrong = new ConcurrentQueue<string>();
        void OnConsole(object? sender, IConsoleMessage message)
        {
            // The browser's message for a status of 400 and above. The response itself is checked below.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                wrong.Enqueue($"console: {message.Text}");
            }
        }
        void OnError(object? sender, string error) => wrong.Enqueue($"script: {error}");
        void OnResponse(object? sender, IResponse response)
        {
            if (response.Status >= 400 && !(response.Request.IsNavigationRequest && response.Status == visit.Status))
            {
                wrong.Enqueue($"answer {response.Status}: {response.Url}");
            }
        }
        page.Console += OnConsole;
        page.PageError += OnError;
        page.Response += OnResponse;
        try
        {
            await page.SetViewportSizeAsync(Widths[0], 900);
            await page.GotoAsync(new Uri(app, visit.Path).ToString());
            if (await page.Locator(".shell").CountAsync() > 0)
            {
                await page.BecomeLiveAsync();
                await page.EvaluateAsync("() => document.querySelectorAll('details').forEach(one => { one.open = true; })");
            }
            await (visit.Open?.Invoke(page) ?? Task.CompletedTask);
            foreach (var width in Widths)
            {
                await page.SetViewportSizeAsync(width, 900);
                foreach (var fault in await PageInspection.FaultsAsync(page))
                {
                    wrong.Enqueue($"{width} px: {fault}");
                }
                await ShootAsync(page, visit, width);
            }
        }
        finally
        {
            page.Console -= OnConsole;
            page.PageError -= OnError;
            page.Response -= OnResponse;
        }
        return [.. wrong.Distinct().Select(fault => $"{visit.Path}: {fault}")];
    }

    private static async Task ShootAsync(IPage page, PageVisit visit, int width)
    {
        if (Environment.GetEnvironmentVariable("FLEET_SHOTS") is not { } folder)
        {
            return;
        }
        foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = theme });
            var name = string.Concat(
                $"{visit.Page.Name}-{Array.IndexOf(Visits, visit)}-{width}-{theme}".Select(c => char.IsLetterOrDigit(c) ? c : '-')
            );
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
        }
    }

    private async Task<IBrowserContext> ContextAsync()
    {
        var context = await (await browser.LaunchAsync()).NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = Widths[0], Height = 900 },
                ReducedMotion = ReducedMotion.Reduce,
            }
        );
        context.SetDefaultTimeout(BrowserFixture.Deadline);
        return context;
    }

    private static Task HasLinesAsync(IPage page) => page.Locator("fleet-logs .line").First.WaitForAsync();

    private static async Task RequestAsync(IPage page)
    {
        await page.Locator("article [data-actions]").First.ClickAsync();
        await page.Locator("article [data-act=restart]").First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
    }

    private static async Task OpenJobsAsync(IPage page)
    {
        await page.Locator("[data-job] button[aria-expanded]").First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Log)).ToContainTextAsync("Pulling");
        await page.GetByRole(AriaRole.Table).First.WaitForAsync();
    }

    private static KeyValuePair<string, string?> Setting(string name, string value) => KeyValuePair.Create<string, string?>(name, value);

    private sealed record PageVisit(
        Type Page,
        string Path,
        Func<IPage, Task>? Open = null,
        int Status = 200,
        bool SignedOut = false,
        bool AtProvider = false
    );
}
