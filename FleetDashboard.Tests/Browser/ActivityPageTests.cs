using System.Text.RegularExpressions;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

/// <summary>The Activity page: running jobs and the audit trail.</summary>
[Trait("Category", "Browser")]
public sealed class ActivityPageTests(BrowserFixture browser)
{
    private const string Job = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task Trail_WithRecords_ShowsUserActionAndOutcome()
    {
        await using var visit = await StartAsync();

        await Expect(Rows(visit)).ToHaveCountAsync(3);
        await Expect(Rows(visit).Nth(0)).ToContainTextAsync("Refused: database");
        await Expect(Rows(visit).Nth(1)).ToContainTextAsync("Failed");
        await Expect(Rows(visit).Nth(2)).ToContainTextAsync("admin");
        await Expect(Rows(visit).Nth(2)).ToContainTextAsync("1.2 s");
        await Expect(visit.Page.GetByText("Requested")).ToHaveCountAsync(0);

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Show requests" }).ClickAsync();
        await Expect(Rows(visit)).ToHaveCountAsync(4);
        await Expect(visit.Page).ToHaveURLAsync(new Regex(@"\?show=all$"));
        Assert.Empty(visit.ConsoleErrors);
    }

    [Fact]
    public async Task Filters_Chosen_AreInTheAddressAndInTheQuery()
    {
        await using var visit = await StartAsync();

        await visit.Page.GetByLabel("Outcome").SelectOptionAsync("refused");
        await Expect(Rows(visit)).ToHaveCountAsync(1);
        await visit.Page.GetByLabel("Outcome").SelectOptionAsync("");
        await visit.Page.GetByLabel("User").FillAsync("ops");
        await visit.Page.GetByLabel("User").PressAsync("Enter");
        await Expect(Rows(visit)).ToHaveCountAsync(2);
        await visit.Page.GetByLabel("From").FillAsync("2026-11-01T08:30");
        await visit.Page.GetByLabel("From").BlurAsync();
        await Expect(visit.Page).ToHaveURLAsync(new Regex("from=2026-11-01T08"));

        Assert.Contains(visit.Collector.Jobs.TrailQueries, query => query.Contains("phase=refusal", StringComparison.Ordinal));
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "CSV" }))
            .ToHaveAttributeAsync("href", "activity/export?user=ops&from=2026-11-01T08%3A30%3A00Z&format=csv");
        await visit.ReloadAsync();
        await Expect(Rows(visit)).ToHaveCountAsync(2);
        await Expect(visit.Page.GetByLabel("User")).ToHaveValueAsync("ops");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Expect(Rows(visit)).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Older_Clicked_ContinuesAfterTheLastRecord()
    {
        await using var visit = await StartAsync(
            "/activity",
            [
                .. Enumerable
                    .Range(1, 130)
                    .Select(n => FakeJobs.Record(n, "admin", "restart", "shop", AuditPhases.Outcome, JobStates.Succeeded)),
            ]
        );
        await Expect(Rows(visit)).ToHaveCountAsync(100);

        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Older" }).ClickAsync();

        await Expect(Rows(visit)).ToHaveCountAsync(30);
        await Expect(visit.Page).ToHaveURLAsync(new Regex(@"\?after=31$"));
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Newest" }).ClickAsync();
        await Expect(Rows(visit)).ToHaveCountAsync(100);
    }

    [Fact]
    public async Task Record_Opened_ShowsAllFieldsAndTheOtherRecordsOfItsJob()
    {
        await using var visit = await StartAsync();

        await Rows(visit).Nth(2).GetByRole(AriaRole.Link, new() { Name = "2", Exact = true }).ClickAsync();

        var dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("id-of-admin");
        await Expect(dialog).ToContainTextAsync("sha256:aaaa");
        await Expect(dialog).ToContainTextAsync(new string('2', 64));
        await Expect(dialog).ToContainTextAsync("10.0.0.7");
        await dialog.GetByRole(AriaRole.Link, new() { Name = "1", Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Heading, new() { Name = "Record 1" })).ToBeVisibleAsync();
        await Expect(dialog).ToContainTextAsync("intent");
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(visit.Page).ToHaveURLAsync(new Uri(visit.App.Url, "/activity").ToString());

        // The link alone is enough, even for a record that is not on the current page.
        await visit.Page.GotoAsync(new Uri(visit.App.Url, "/activity?user=nobody&record=3").ToString());
        await Expect(dialog).ToContainTextAsync("never healthy");
    }

    [Fact]
    public async Task RunningJobs_ShowProgressAndOutput_AndCancelWhereItIsSafe()
    {
        await using var visit = await StartAsync();
        var pull = FakeJobs.Running("wiki", ActionNames.Pull, "admin", 0.6, "6 of 9 layers.") with { CanCancel = true };
        visit.Collector.Jobs.Put(pull, "4f4fb700ef54 downloading");
        visit.Collector.Jobs.Put(FakeJobs.Running("shop", containers: ["shop-web-1", "shop-worker-1"]));
        var row = visit.Page.Locator($"[data-job=\"{pull.Id}\"]");
        await Expect(row).ToContainTextAsync("6 of 9 layers.");
        await Expect(visit.Page).ToHaveTitleAsync("2 jobs running · Activity · Fleet");
        await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToHaveCountAsync(1);

        await row.GetByRole(AriaRole.Button, new() { Name = "Output" }).ClickAsync();
        await Expect(row.GetByRole(AriaRole.Log)).ToContainTextAsync("4f4fb700ef54 downloading");
        visit.Collector.Jobs.Put(pull, "4f4fb700ef54 done");
        await Expect(row.GetByRole(AriaRole.Log)).ToContainTextAsync("done");
        await row.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await Eventually.GetAsync(
            _ => Task.FromResult(visit.Collector.Jobs.Posts.ToArray()),
            posts => posts.Any(post => post.Path == $"/api/v1/jobs/{pull.Id}/cancel")
        );
    }

    [Fact]
    public async Task Trail_JobFinishes_IsLoadedAgain()
    {
        await using var visit = await StartAsync();
        await Expect(Rows(visit)).ToHaveCountAsync(3);
        var job = FakeJobs.Running("wiki");
        visit.Collector.Jobs.Put(job);
        await Expect(visit.Page.Locator($"[data-job=\"{job.Id}\"]")).ToBeVisibleAsync();

        visit.Collector.Jobs.Write(FakeJobs.Record(5, "ops", "restart", "wiki", AuditPhases.Outcome, JobStates.Succeeded, job: job.Id));
        visit.Collector.Jobs.Put(FakeJobs.Over(job, JobStates.Succeeded, "wiki-web-1 runs again."));

        await Expect(Rows(visit)).ToHaveCountAsync(4);
        await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Just finished" })).ToContainTextAsync("wiki-web-1 runs again.");
    }

    [Fact]
    public async Task Trail_CannotBeWritten_SaysThatNoActionCanRun()
    {
        await using var visit = await StartAsync();

        visit.Collector.Push(
            ActingFleet.Create(2) with
            {
                Warnings = ["The audit trail cannot be written, so no action can run: the disk is full."],
            }
        );

        await Expect(visit.Page.GetByText("so no action can run: the disk is full.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Trail_Empty_SaysSo()
    {
        await using var visit = await StartAsync("/activity", []);

        await Expect(visit.Page.GetByText("No activity yet")).ToBeVisibleAsync();
        await visit.Page.GotoAsync(new Uri(visit.App.Url, "/activity?user=nobody").ToString());
        await Expect(visit.Page.GetByText("No record matches")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Viewer_OpensThePage_SeesTheTrailButNoCancel()
    {
        await using var visit = await StartAsync();
        visit.Collector.Jobs.Put(FakeJobs.Running("wiki", ActionNames.Pull) with { CanCancel = true });
        await visit.App.AddUserAsync("vera", Roles.Viewer);
        await visit.Context.ClearCookiesAsync();

        await visit.SignInAsync("/activity", "vera");
        await visit.BecomeInteractiveAsync();

        await Expect(Rows(visit)).ToHaveCountAsync(3);
        await Expect(visit.Page.Locator("[data-job]")).ToHaveCountAsync(1);
        await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Keyboard_GThenA_OpensThePage()
    {
        await using var visit = await StartAsync("/");
        await Expect(visit.Page.Locator("article").First).ToBeVisibleAsync();

        await visit.Page.Keyboard.PressAsync("g");
        await visit.Page.Keyboard.PressAsync("a");

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Activity");
    }

    [Fact]
    public async Task Page_BothThemes_IsAccessibleAndFitsAPhone()
    {
        await using var visit = await StartAsync();
        visit.Collector.Jobs.Put(
            FakeJobs.Running("wiki", ActionNames.Pull, progress: 0.4, message: "3 of 8 layers.") with
            {
                CanCancel = true,
            },
            "one"
        );
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Output" }).ClickAsync();
        await Expect(Rows(visit)).ToHaveCountAsync(3);
        await Accessibility.AssertInBothThemesAsync(visit.Page);

        await visit.Page.SetViewportSizeAsync(390, 844);
        Assert.True(await visit.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        await visit.Page.GotoAsync(new Uri(visit.App.Url, "/activity?record=2").ToString());
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("id-of-admin");
        await Accessibility.AssertInBothThemesAsync(visit.Page);
    }

    private static ILocator Rows(Visit visit) => visit.Page.GetByRole(AriaRole.Region, new() { Name = "Audit trail" }).Locator("tbody tr");

    private async Task<Visit> StartAsync(string path = "/activity", AuditRecord[]? records = null)
    {
        var visit = await Visit.StartAsync(browser, ActingFleet.Create(), path);
        visit.Collector.Jobs.Write(
            records
                ??
                [
                    FakeJobs.Record(1, "admin", ActionNames.Restart, "shop", AuditPhases.Intent, null, job: Job),
                    FakeJobs.Record(
                        2,
                        "admin",
                        ActionNames.Restart,
                        "shop",
                        AuditPhases.Outcome,
                        JobStates.Succeeded,
                        "shop-web-1 runs again.",
                        Job
                    ),
                    FakeJobs.Record(
                        3,
                        "ops",
                        ActionNames.Update,
                        "wiki",
                        AuditPhases.Outcome,
                        JobStates.Failed,
                        "never healthy; the old one runs again."
                    ),
                    FakeJobs.Record(4, "ops", ActionNames.Restart, "vault", AuditPhases.Refusal, RefusalCodes.Database, "it is a database"),
                ]
        );
        await visit.ReloadAsync();
        return visit;
    }
}
