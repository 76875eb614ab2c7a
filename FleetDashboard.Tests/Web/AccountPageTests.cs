using System.Net;
using System.Text.RegularExpressions;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Auth;
using FleetDashboard.Web.Components.Pages.Account;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>What every user may do with their own account.</summary>
public sealed partial class AccountPageTests : IAsyncLifetime
{
    private const string NewPassword = "another correct horse";

    private readonly List<Browserless> _visitors = [];
    private FakeCollector _collector = default!;
    private WebApp _app = default!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _collector = await FakeCollector.StartAsync(Snapshots.Fleet());
        _app = WebApp.Start(_collector.Url);
        await _app.AddUserAsync("vera", Roles.Viewer);
    }

    public async ValueTask DisposeAsync()
    {
        _visitors.ForEach(visitor => visitor.Dispose());
        await _app.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Fact]
    public async Task Password_Changed_EndsAllOtherSessions_AndKeepsThisOne()
    {
        var (here, there) = (await SignedInAsync(), await SignedInAsync());
        var copy = new Browserless(_app) { Cookies = here.Cookies };
        _visitors.Add(copy);

        var page = await PostAsync(here, "password", ("Form.Present", WebApp.Password), ("Form.Wanted", NewPassword));

        Assert.Contains("The password was changed", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(EndButton(), page); // the list of sessions is already up to date
        Assert.Contains("this one", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/account", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await there.GetAsync("/account", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await copy.GetAsync("/account", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await there.SignInAsync("vera", WebApp.Password, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await there.SignInAsync("vera", NewPassword, Cancelled)).StatusCode);
    }

    [Theory]
    [InlineData("wrong", NewPassword, "The current password is wrong")]
    [InlineData(WebApp.Password, "short", "at least 10 characters")]
    public async Task Password_NotChanged_SaysWhy(string present, string wanted, string reason)
    {
        var visitor = await SignedInAsync();

        Assert.Contains(
            reason,
            await PostAsync(visitor, "password", ("Form.Present", present), ("Form.Wanted", wanted)),
            StringComparison.Ordinal
        );
        Assert.Equal(HttpStatusCode.Redirect, (await (await SignedInAsync()).GetAsync(AccountRoutes.SignIn, Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Password_GuessedFromAnOpenPage_IsLimitedLikeSignIn()
    {
        var visitor = await SignedInAsync();
        for (var i = 0; i < 5; i++)
        {
            await PostAsync(visitor, "password", ("Form.Present", "wrong"), ("Form.Wanted", NewPassword));
        }

        Assert.Contains(
            "The current password is wrong",
            await PostAsync(visitor, "password", ("Form.Present", WebApp.Password), ("Form.Wanted", NewPassword)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Sessions_OneOrAllOthers_CanBeEnded_ButNotThisOne()
    {
        var (here, there, elsewhere) = (await SignedInAsync(), await SignedInAsync(), await SignedInAsync());
        var buttons = EndButton().Matches(await PageAsync(here)).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(3, buttons.Count); // two sessions, and "all others"

        await PostAsync(here, "sessions", ("End", buttons[0]));
        var ended = new[] { await IsInAsync(there), await IsInAsync(elsewhere) };
        Assert.Single(ended, isIn => !isIn);

        await PostAsync(here, "sessions", ("End", "others"));
        Assert.Equal((true, false, false), (await IsInAsync(here), await IsInAsync(there), await IsInAsync(elsewhere)));
    }

    [Fact]
    public async Task Sessions_OfOtherUsers_CannotBeEnded()
    {
        var (vera, admin) = (await SignedInAsync(), await SignedInAsync(WebApp.Admin));
        await SignedInAsync(WebApp.Admin);
        var foreign = EndButton().Match(await PageAsync(admin)).Groups[1].Value;
        var before = EndButton().Count(await PageAsync(admin));

        await PostAsync(vera, "sessions", ("End", foreign));

        Assert.Equal(before, EndButton().Count(await PageAsync(admin)));
    }

    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Chrome on Linux")]
    [InlineData(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
        "Edge on Windows"
    )]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 "
            + "Safari/604.1",
        "Safari on iPhone"
    )]
    [InlineData("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android")]
    [InlineData("<script>", "unknown")]
    [InlineData(null, "unknown")]
    public void Browser_UserAgent_GivesAShortName(string? agent, string name) => Assert.Equal(name, Browsers.Name(agent));

    private static async Task<string> PageAsync(Browserless visitor) =>
        await (await visitor.GetAsync("/account", Cancelled)).Content.ReadAsStringAsync(Cancelled);

    private static async Task<bool> IsInAsync(Browserless visitor) =>
        (await visitor.GetAsync("/account", Cancelled)).StatusCode == HttpStatusCode.OK;

    private static async Task<string> PostAsync(Browserless visitor, string handler, params (string Name, string Value)[] fields)
    {
        var form = await visitor.FormAsync("/account", Cancelled);
        form["_handler"] = handler;
        foreach (var (name, value) in fields)
        {
            form[name] = value;
        }
        return await (await visitor.PostAsync("/account", form, Cancelled)).Content.ReadAsStringAsync(Cancelled);
    }

    private async Task<Browserless> SignedInAsync(string name = "vera")
    {
        var visitor = new Browserless(_app);
        _visitors.Add(visitor);
        await visitor.SignInAsync(name, WebApp.Password, Cancelled);
        return visitor;
    }

    [GeneratedRegex("name=\"End\" value=\"([^\"]+)\"")]
    private static partial Regex EndButton();
}
