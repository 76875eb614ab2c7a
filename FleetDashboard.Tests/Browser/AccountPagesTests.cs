using FleetDashboard.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

/// <summary>The account pages, used through a browser.</summary>
public sealed class AccountPagesTests(BrowserFixture browsers)
{
    [Fact]
    public async Task Operator_AddsAUserAndChangesAPassword_BothCanSignIn()
    {
        await using var visit = await Visit.StartAsync(browsers, Snapshots.Fleet());
        await visit.BecomeInteractiveAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "signed in as admin" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Users" }).ClickAsync();

        await visit.Page.GetByLabel("User name").FillAsync("vera");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("vera was added");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "vera" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Make operator" })).ToBeVisibleAsync();
        Assert.Empty(visit.ConsoleErrors); // checked before axe, whose inline styles violate the Content-Security-Policy
        await PageCheck.RunAsync(visit.Page, "users");
        visit.ConsoleErrors.Clear();

        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Account" }).ClickAsync();
        await visit.Page.GetByLabel("Current password").FillAsync(WebApp.Password);
        await visit.Page.GetByLabel("New password").FillAsync("another correct horse");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Change" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("The password was changed");
        await Expect(visit.Page.GetByText("this one")).ToBeVisibleAsync();
        Assert.Empty(visit.ConsoleErrors);
        await PageCheck.RunAsync(visit.Page, "account");
    }
}
