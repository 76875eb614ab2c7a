using FleetDashboard.Contracts;
using FleetDashboard.Tests.Browser;
using FleetDashboard.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace FleetDashboard.ByHand;

/// <summary>Screenshots for review and for the documentation, written to the folder in FLEET_SHOTS. Run only by name.</summary>
[Trait("Category", "Browser")]
public sealed class Screenshots(BrowserFixture browser)
{
    private static string Folder => Environment.GetEnvironmentVariable("FLEET_SHOTS") ?? Path.Combine(Path.GetTempPath(), "fleet-shots");

    [Theory(Explicit = true)]
    [InlineData("light", 1640, 1500, "/?open=trouble", "fleet-light")]
    [InlineData("dark", 1640, 1500, "/?open=trouble", "fleet-dark")]
    [InlineData("light", 1640, 1500, "/", "fleet-closed")]
    [InlineData("dark", 500, 1400, "/?open=trouble", "phone")]
    [InlineData("light", 390, 900, "/", "phone-390")]
    [InlineData("light", 1024, 900, "/?show=grey", "none")]
    public async Task Fleet(string theme, int width, int height, string path, string name)
    {
        await using var visit = await StartAsync(theme, width, height, path);
        await visit.BecomeInteractiveAsync();

        await ShootAsync(visit, name);
    }

    [Theory(Explicit = true)]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task States(string theme)
    {
        await using var visit = await StartAsync(theme, 1440, 900, "/");
        await visit.BecomeInteractiveAsync();
        await visit.Page.Locator(".who").ClickAsync();
        await ShootAsync(visit, $"menu-{theme}");
        await visit.Page.Keyboard.PressAsync("Escape");
        await visit.Page.Keyboard.PressAsync("?");
        await ShootAsync(visit, $"help-{theme}");
        await visit.Page.Keyboard.PressAsync("Escape");
        visit.Collector.Push(
            Snapshots.Fleet(2) with
            {
                Stale = true,
                StaleSince = Snapshots.At,
                StaleReason = "Nothing listens at unix:///var/run/docker.sock.",
                Warnings = ["fleet.yaml, line 12: unknown key 'onwer'; the last good version stays in force."],
            }
        );
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Engine does not answer");
        await ShootAsync(visit, $"stale-{theme}");
        visit.Collector.Push(Snapshots.Create([], 3));
        await Assertions.Expect(visit.Page.GetByText("Nothing runs here yet")).ToBeVisibleAsync();
        await ShootAsync(visit, $"empty-{theme}");
    }

    [Theory(Explicit = true)]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task SignIn(string theme)
    {
        await using var visit = await StartAsync(theme, 1440, 900, "/");
        await Assertions.Expect(visit.Page.Locator("article").First).ToBeVisibleAsync();
        await visit.Context.ClearCookiesAsync();
        await visit.Page.GotoAsync(new Uri(visit.App.Url, "/sign-in").ToString());
        await visit.Page.GetByLabel("User name").FillAsync("admin");
        await visit.Page.GetByLabel("Password").FillAsync("wrong");
        await ShootAsync(visit, $"signin-{theme}");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await ShootAsync(visit, $"signin-failed-{theme}");
    }

    [Theory(Explicit = true)]
    [InlineData("light", 1440, 1000)]
    [InlineData("dark", 1440, 1000)]
    [InlineData("dark", 390, 844)]
    public async Task Actions(string theme, int width, int height)
    {
        var name = $"{theme}-{width}";
        await using var visit = await Visit.StartAsync(
            browser,
            ActingFleet.Create(),
            "/",
            new()
            {
                ViewportSize = new() { Width = width, Height = height },
                ColorScheme = theme == "dark" ? ColorScheme.Dark : ColorScheme.Light,
            }
        );
        await visit.BecomeInteractiveAsync();
        visit.Collector.Jobs.Write(
            Enumerable
                .Range(1, 24)
                .Select(n =>
                    FakeJobs.Record(
                        n,
                        n % 3 == 0 ? "ops" : "admin",
                        n % 2 == 0 ? "restart" : "update",
                        "shop",
                        n % 4 == 1 ? AuditPhases.Refusal : AuditPhases.Outcome,
                        n % 4 == 1 ? "database"
                            : n % 4 == 2 ? "succeeded"
                            : n % 4 == 3 ? "failed"
                            : "interrupted",
                        "shop-web-1 runs again.",
                        $"{n / 2:x32}"
                    )
                )
        );
        var pull = FakeJobs.Running("wiki", ActionNames.Pull, "ops", 0.62, "6 of 9 layers, 212 of 331 MB.") with { CanCancel = true };
        visit.Collector.Jobs.Put(pull, "latest: Pulling from acme/wiki", "4f4fb700ef54: Downloading 38.1 of 61.0 MB");
        await Assertions.Expect(visit.Card("wiki").Locator("[data-job]")).ToBeVisibleAsync();
        await visit.Card("shop").Locator("footer [data-actions]").ClickAsync();
        await ShootAsync(visit, $"acts-menu-{name}");
        await visit.Card("shop").Locator("footer [data-act=restart]").ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await ShootAsync(visit, $"acts-dialog-{name}");
        await visit.Page.Keyboard.PressAsync("Escape");
        await visit.Card("shop").Locator("[data-open]").ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Table)).ToBeVisibleAsync();
        visit.Collector.Jobs.Put(
            FakeJobs.Over(
                FakeJobs.Running("shop", user: "admin", containers: ["shop-worker-1", "shop-web-1"]),
                JobStates.Failed,
                "1 of 2 containers succeeded. shop-web-1 was restarted and exited at once with code 1. See its log."
            )
        );
        await Assertions.Expect(visit.Card("shop").Locator("[data-job]")).ToBeVisibleAsync();
        await ShootAsync(visit, $"acts-open-{name}");
        await visit.Page.GotoAsync(new Uri(visit.App.Url, "/apps/shop").ToString());
        await visit.BecomeInteractiveAsync();
        await ShootAsync(visit, $"acts-app-{name}");
        await visit.Page.GotoAsync(new Uri(visit.App.Url, "/activity").ToString());
        await visit.BecomeInteractiveAsync();
        await visit.Page.Locator($"[data-job=\"{pull.Id}\"] button[aria-expanded]").ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Log)).ToContainTextAsync("Downloading");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Table)).ToBeVisibleAsync();
        await ShootAsync(visit, $"acts-activity-{name}");
        await visit.Page.GotoAsync(new Uri(visit.App.Url, "/activity?record=10").ToString());
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("The same job");
        await ShootAsync(visit, $"acts-record-{name}");
    }

    /// <summary>Screenshots of a running dashboard: FLEET_WEB_URL is its address, FLEET_ADMIN_PASSWORD its password.</summary>
    [Theory(Explicit = true)]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Running(ColorScheme scheme)
    {
        var url = new Uri(Environment.GetEnvironmentVariable("FLEET_WEB_URL") ?? "http://localhost:5080");
        await using var context = await (await browser.LaunchAsync()).NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = 1640, Height = 1500 },
                ColorScheme = scheme,
            }
        );
        var page = await context.NewPageAsync();
        await page.SignInAsync(url, password: Environment.GetEnvironmentVariable("FLEET_ADMIN_PASSWORD") ?? WebApp.Password);
        await page.BecomeLiveAsync();
        await page.Locator("article").First.WaitForAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"running-{scheme}.png") });
        await page.Locator("article [data-open]").First.ClickAsync();
        await page.GetByRole(AriaRole.Table).WaitForAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"running-open-{scheme}.png") });
    }

    [Theory(Explicit = true)]
    [InlineData("light", 1440, 1100, "/ports", "ports-light")]
    [InlineData("dark", 1440, 1100, "/ports", "ports-dark")]
    [InlineData("dark", 390, 1400, "/ports", "ports-phone")]
    [InlineData("light", 1440, 1700, "/networks", "networks-light")]
    [InlineData("dark", 1440, 1700, "/networks", "networks-dark")]
    [InlineData("light", 390, 1500, "/networks", "networks-phone")]
    [InlineData("light", 1440, 1100, "/apps/edge", "app-light")]
    [InlineData("dark", 1440, 1100, "/apps/billing", "app-dark")]
    [InlineData("dark", 390, 2600, "/apps/edge", "app-phone")]
    [InlineData("light", 1024, 800, "/apps/gone", "app-unknown")]
    public async Task PlaceFleets(string theme, int width, int height, string path, string name)
    {
        await using var visit = await Visit.StartAsync(
            browser,
            FleetDashboard.Tests.Support.PlaceFleets.Fleet(at: TimeProvider.System.GetUtcNow()),
            path,
            new()
            {
                ViewportSize = new() { Width = width, Height = height },
                ColorScheme = theme == "dark" ? ColorScheme.Dark : ColorScheme.Light,
                ReducedMotion = ReducedMotion.Reduce,
            }
        );
        await visit.BecomeInteractiveAsync();
        if (name is "app-light" or "app-dark" or "app-phone")
        {
            await visit
                .Page.Locator("[data-chart]")
                .First.HoverAsync(
                    new()
                    {
                        Position = new() { X = 90, Y = 40 },
                    }
                );
        }
        await ShootAsync(visit, name);
    }

    [Theory(Explicit = true)]
    [InlineData("light", 1440, 900, "/apps/trouble/logs", "logs-light")]
    [InlineData("dark", 1440, 900, "/apps/trouble/logs?find=timeout&level=info", "logs-dark")]
    [InlineData("dark", 390, 844, "/apps/trouble/logs", "logs-phone")]
    [InlineData("light", 1440, 900, "", "logs-end")]
    [InlineData("dark", 1440, 1300, "/?open=trouble&tab=logs", "logs-card")]
    public async Task Logs(string theme, int width, int height, string path, string name)
    {
        var oom = Snapshots.Fleet().Apps.SelectMany(app => app.Containers).Single(container => container.Name == "trouble-oom-1");
        await using var visit = await StartAsync(theme, width, height, "/");
        LogTexts.Print(visit.Collector.Logs, TimeProvider.System.GetUtcNow());
        await visit.BecomeInteractiveAsync();
        var end = TimeProvider
            .System.GetUtcNow()
            .AddMinutes(-8)
            .UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        await visit.Page.GotoAsync(new Uri(visit.App.Url, path.Length > 0 ? path : $"/containers/{oom.Id[..12]}/logs?at={end}").ToString());
        await Assertions.Expect(visit.Page.Locator(".line").First).ToBeVisibleAsync();
        if (name != "logs-end")
        {
            await visit.Page.Locator(".fold").Last.ClickAsync();
        }
        await ShootAsync(visit, name);
    }

    private Task<Visit> StartAsync(string theme, int width, int height, string path) =>
        Visit.StartAsync(
            browser,
            Snapshots.Fleet(at: TimeProvider.System.GetUtcNow()),
            path,
            new()
            {
                ViewportSize = new() { Width = width, Height = height },
                ColorScheme = theme == "dark" ? ColorScheme.Dark : ColorScheme.Light,
                ReducedMotion = ReducedMotion.Reduce,
            }
        );

    private static Task<byte[]> ShootAsync(Visit visit, string name) =>
        visit.Page.ScreenshotAsync(new() { Path = Path.Combine(Folder, name + ".png") });
}
