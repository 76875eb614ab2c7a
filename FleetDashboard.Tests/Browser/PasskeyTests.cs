using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Auth;
using FleetDashboard.Web.Auth.Passkeys;
using FleetDashboard.Web.Auth.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FleetDashboard.Tests.Browser;

/// <summary>Passkeys in a real browser with a virtual authenticator, at localhost, where browsers allow them without https.</summary>
public sealed class PasskeyTests(BrowserFixture browsers) : IAsyncLifetime
{
    private readonly List<string> _errors = [];
    private FakeCollector _collector = default!;
    private WebApp _app = default!;
    private IBrowserContext? _context;
    private IPage _page = default!;
    private Authenticator _device = default!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var browser = await browsers.LaunchAsync();
        _collector = await FakeCollector.StartAsync(Snapshots.Fleet());
        _app = WebApp.Start(_collector.Url);
        await _app.UntilAsync(view => view.IsCurrent, Cancelled);
        _context = await browser.NewContextAsync();
        _context.SetDefaultTimeout(BrowserFixture.Deadline);
        _page = await _context.NewPageAsync();
        _page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _errors.Add(message.Text);
            }
        };
        _device = await Authenticator.PlugInAsync(_page);
    }

    public async ValueTask DisposeAsync()
    {
        if (_context is not null)
        {
            await _context.DisposeAsync();
            await _app.DisposeAsync();
            await _collector.DisposeAsync();
        }
    }

    [Fact]
    public async Task Passkey_AddedUsedAndRemoved_Works()
    {
        await AddAsync(WebApp.Admin, "Work laptop");
        Assert.Empty(_errors); // checked before axe, whose inline styles violate the Content-Security-Policy
        await PageCheck.RunAsync(_page, "account-passkeys");
        _errors.Clear();

        await SignOutAsync();
        await Expect(PasskeyButton).ToBeVisibleAsync();
        await PageCheck.RunAsync(_page, "sign-in-passkey");
        _errors.Clear();
        await _page.GotoAsync(At("/sign-in?returnUrl=%2Fports").ToString());
        await PasskeyButton.ClickAsync();
        await _page.WaitForURLAsync(At("/ports").ToString());
        Assert.Empty(_errors);
        await using (var scope = _app.Services.CreateAsyncScope())
        {
            var sessions = scope.ServiceProvider.GetRequiredService<AccountsDb>().Sessions.Select(session => session.UserName).ToList();
            Assert.Equal([WebApp.Admin], sessions); // a session like any other; the password's session ended at sign-out
        }

        await _page.GotoAsync(At("/account").ToString());
        await _page.GetByRole(AriaRole.Link, new() { Name = "Work laptop" }).ClickAsync();
        await PageCheck.RunAsync(_page, "account-passkey");
        await _page.GetByLabel("Name of this passkey").FillAsync("Old laptop");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await _page.GetByRole(AriaRole.Link, new() { Name = "Old laptop" }).ClickAsync();
        await _page.GetByLabel("Remove Old laptop permanently").CheckAsync();
        await _page.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(_page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" })).ToBeVisibleAsync();
        await Expect(_page.GetByRole(AriaRole.Link, new() { Name = "Old laptop" })).ToHaveCountAsync(0);

        await SignOutAsync();
        await PasskeyButton.ClickAsync();
        await Expect(_page.GetByRole(AriaRole.Alert)).ToContainTextAsync(PasskeySignIn.Failed);
        await PageCheck.RunAsync(_page, "sign-in-passkey-refused");
    }

    [Fact]
    public async Task WrongPassword_AddsNoPasskey_AndSaysSo()
    {
        await _page.SignInAsync(At("/account"));
        await FillAsync("Laptop", "wrong password");

        await Expect(_page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The current password is wrong");
        Assert.Empty(await _device.CredentialsAsync());
        await PageCheck.RunAsync(_page, "account-passkey-problem");
        await _page.GetByLabel("Current password").Last.FillAsync(WebApp.Password);
        await AddButton.ClickAsync();
        await Expect(_page.GetByRole(AriaRole.Link, new() { Name = "Laptop" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Device_UserNotVerified_DoesNotSignIn()
    {
        await AddAsync(WebApp.Admin, "Laptop");
        await SignOutAsync();
        await _device.KnowsItsOwnerAsync(false);

        await PasskeyButton.ClickAsync();

        await Expect(_page.GetByRole(AriaRole.Alert)).ToContainTextAsync("No passkey was used");
        await _device.KnowsItsOwnerAsync(true);
        await PasskeyButton.ClickAsync();
        await _page.BecomeLiveAsync();
    }

    [Theory]
    [InlineData("locked")]
    [InlineData("removed")]
    [InlineData("reset")]
    public async Task Operator_ResetsThePassword_RemovesThePasskeys(string change)
    {
        await _app.AddUserAsync("vera", Roles.Viewer);
        await AddAsync("vera", "Phone");
        await SignOutAsync();

        await ChangeAsync(change);
        await PasskeyButton.ClickAsync();

        await Expect(_page.GetByRole(AriaRole.Alert)).ToContainTextAsync(PasskeySignIn.Failed);
        await _page.GotoAsync(At("/").ToString());
        Assert.Equal(AccountRoutes.SignIn, new Uri(_page.Url).AbsolutePath);
    }

    [Fact]
    public async Task Response_SentTwice_SignsInOnce()
    {
        await AddAsync(WebApp.Admin, "Laptop");
        await SignOutAsync();
        var sent = "";
        await _page.RouteAsync(
            "**/sign-in",
            async route =>
            {
                sent = route.Request.PostData ?? sent;
                await route.ContinueAsync();
            }
        );
        await PasskeyButton.ClickAsync();
        await _page.BecomeLiveAsync();
        Assert.Contains("Credential", sent, StringComparison.Ordinal);

        using var thief = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = _app.Url,
        };
        var cookies = await _context!.CookiesAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
        {
            Content = new StringContent(sent, System.Text.Encoding.UTF8, "application/x-www-form-urlencoded"),
        };
        request.Headers.Add(
            "Cookie",
            string.Join("; ", cookies.Where(cookie => cookie.Name != "fleet").Select(cookie => $"{cookie.Name}={cookie.Value}"))
        );
        request.Headers.Host = $"localhost:{_app.Url.Port}";
        using var answer = await thief.SendAsync(request, Cancelled);

        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private ILocator PasskeyButton => _page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" });

    private ILocator AddButton => _page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" });

    private Uri At(string path) => new UriBuilder(new Uri(_app.Url, path)) { Host = "localhost" }.Uri;

    private async Task AddAsync(string user, string name)
    {
        await _page.SignInAsync(At("/account"), user);
        await FillAsync(name, WebApp.Password);
        await Expect(_page.GetByRole(AriaRole.Link, new() { Name = name })).ToBeVisibleAsync();
        Assert.Single(await _device.CredentialsAsync());
    }

    private async Task FillAsync(string name, string password)
    {
        await _page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await _page.GetByLabel("Current password").Last.FillAsync(password);
        await AddButton.ClickAsync();
    }

    private async Task SignOutAsync()
    {
        await _page.GotoAsync(At("/account").ToString());
        await _page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    private async Task ChangeAsync(string change)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
        var accounts = _app.Services.GetRequiredService<UserAccounts>();
        var (vera, admin) = ((await users.FindByNameAsync("vera"))!, (await users.FindByNameAsync(WebApp.Admin))!);
        var manager = scope.ServiceProvider.GetRequiredService<SignInManager<IdentityUser>>();
        var actor = await manager.CreateUserPrincipalAsync(admin);
        var session = await _app
            .Services.GetRequiredService<SessionStore>()
            .OpenAsync(new SessionOpening(admin.Id, WebApp.Admin, null, null, null), Cancelled);
        ((System.Security.Claims.ClaimsIdentity)actor.Identity!).AddClaim(new(SessionClaim.Type, session));
        var done = await (
            change switch
            {
                "locked" => accounts.LockAsync(new AccountActor(actor, null, null), vera.Id, true, Cancelled),
                "removed" => accounts.RemoveAsync(new AccountActor(actor, null, null), vera.Id, Cancelled),
                _ => accounts.ResetPasswordAsync(new AccountActor(actor, null, null), vera.Id, Cancelled),
            }
        );
        Assert.Null(done.Problem);
    }
}
