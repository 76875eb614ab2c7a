using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Oidc;
using FleetDashboard.Web.Auth;
using FleetDashboard.Web.Auth.Oidc;
using FleetDashboard.Web.Auth.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>Sign-in at a real provider, through the real server.</summary>
public sealed partial class OidcTests(OidcProvider provider) : IAsyncLifetime
{
    private readonly List<IDisposable> _visits = [];
    private readonly List<WebApp> _apps = [];
    private readonly string _user = $"user-{Guid.NewGuid():N}";
    private FakeCollector _collector = default!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await provider.StartAsync(Cancelled);
        _collector = await FakeCollector.StartAsync(Snapshots.Fleet());
    }

    public async ValueTask DisposeAsync()
    {
        _visits.ForEach(visit => visit.Dispose());
        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }
        if (_collector is not null)
        {
            await _collector.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("""{"groups":["staff","fleet-admins"]}""", Roles.Operator)]
    [InlineData("""{"groups":["fleet-viewers"]}""", Roles.Viewer)]
    [InlineData("""{"groups":"fleet-viewers"}""", Roles.Viewer)]
    [InlineData("""{"groups":"[\"staff\",\"fleet-viewers\"]"}""", null)]
    [InlineData("""{"groups":["on call"]}""", Roles.Operator)]
    public async Task UserInfo_EveryShapeOfAList_GivesItsRole(string claims, string? role)
    {
        await provider.SetAccountAsync(_user, JsonSerializer.Deserialize<object>(claims)!, Cancelled);
        var app = await AppAsync();

        Assert.Equal(role, RoleOn(await Visit(app).SignInAsync(_user, Cancelled)));
    }

    [Fact]
    public async Task IdToken_PathIntoAClaim_GivesItsRole()
    {
        await provider.SetAccountAsync(_user, new { realm_access = new { roles = new[] { "other", "fleet-admins" } } }, Cancelled);
        var app = await AppAsync("id-token", ("Auth:Oidc:RoleClaim", "realm_access.roles"));

        Assert.Equal(Roles.Operator, RoleOn(await Visit(app).SignInAsync(_user, Cancelled)));
    }

    [Theory]
    [InlineData(true, Roles.Viewer)]
    [InlineData(false, null)]
    public async Task Email_Unverified_GivesNoRole(bool verified, string? role)
    {
        await provider.SetAccountAsync(_user, new { email = $"{_user}@Example.org", email_verified = verified }, Cancelled);
        var app = await AppAsync(null, ("Auth:Oidc:RoleClaim", "email"), ("Auth:Oidc:RoleMap:viewer", $"{_user}@example.org"));

        Assert.Equal(role, RoleOn(await Visit(app).SignInAsync(_user, Cancelled)));
    }

    [Fact]
    public async Task NoRole_ShowsAPageThatSaysSo_AndDefaultRoleHelps()
    {
        await provider.SetAccountAsync(
            _user,
            new { preferred_username = "Nora", groups = new[] { "fleet-admins fleet-viewers" } },
            Cancelled
        );

        var strict = Visit(await AppAsync());
        var page = await strict.SignInAsync(_user, Cancelled);
        Assert.Equal(AccountRoutes.NoAccess, strict.At.AbsolutePath);
        Assert.Contains("Nora", page, StringComparison.Ordinal);

        var open = Visit(await AppAsync(null, ("Auth:Oidc:DefaultRole", "viewer")));
        await open.SignInAsync(_user, Cancelled);
        Assert.Equal("/", open.At.AbsolutePath);
    }

    [Fact]
    public async Task DeepLink_IsKept_AndTheCodeRequestUsesPkce()
    {
        await AccountAsync();
        var visit = Visit(await AppAsync());

        await visit.GoAsync("/?show=red&q=a%26b", Cancelled);
        var asked = visit.Way.Single(address => address.AbsolutePath == "/auth").Query;
        await visit.LogInAsync(new() { ["login"] = _user }, null, Cancelled);

        Assert.Equal("/?show=red&q=a%26b", visit.At.PathAndQuery);
        Assert.Contains("code_challenge_method=S256", asked, StringComparison.Ordinal);
        Assert.Contains("nonce=", asked, StringComparison.Ordinal);
        Assert.DoesNotContain("form_post", asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RoleChange_AppliesAtTheNextSignIn_WithoutAPrompt()
    {
        await AccountAsync("fleet-viewers");
        var app = await AppAsync();
        var visit = Visit(app);
        Assert.Equal(Roles.Viewer, RoleOn(await visit.SignInAsync(_user, Cancelled)));

        await AccountAsync("fleet-admins");
        visit.Lose("fleet"); // as if expired: an ended session would cause a prompt
        var page = await visit.GoAsync("/", Cancelled);

        Assert.Equal(new Uri(app.Url, "/"), visit.At);
        Assert.Contains(visit.Way, address => address.Authority == provider.Issuer.Authority);
        Assert.Equal(Roles.Operator, RoleOn(page));
    }

    [Theory]
    [InlineData("issuer", "untrusted")]
    [InlineData("audience", "untrusted")]
    public async Task IdToken_OfAnotherIssuerOrClient_IsNotTrusted(string twist, string reason)
    {
        await AccountAsync();
        var app = await AppAsync(twist);
        var visit = Visit(app);

        var page = await visit.SignInAsync(_user, Cancelled);

        AssertFailed(visit, page, reason);
        Assert.Empty(await SessionsAsync(app));
    }

    [Fact]
    public async Task Code_Expired_ShowsAPageThatSaysSo()
    {
        await AccountAsync();
        var app = await AppAsync("short-code");
        var visit = Visit(app);
        var callback = await visit.CallbackAsync(_user, Cancelled);
        var since = Stopwatch.StartNew();
        // the code is valid for one second
        await Eventually.GetAsync(_ => Task.FromResult(since.Elapsed), elapsed => elapsed > TimeSpan.FromSeconds(2.5));

        AssertFailed(visit, await visit.OpenAsync(callback, Cancelled), "expired");
        Assert.Empty(await SessionsAsync(app));
    }

    [Fact]
    public async Task Code_Replayed_IsRejectedByStateAndProvider()
    {
        await AccountAsync();
        var app = await AppAsync();
        var visit = Visit(app);
        var callback = await visit.CallbackAsync(_user, Cancelled);
        await visit.OpenAsync(callback, Cancelled);
        var session = Assert.Single(await SessionsAsync(app));

        AssertFailed(visit, await visit.OpenAsync(callback, Cancelled), "expired"); // the state was already used

        var other = Visit(app);
        var fresh = await other.CallbackAsync(_user, Cancelled);
        var forged = new UriBuilder(fresh) { Query = Code().Replace(fresh.Query, Code().Match(callback.Query).Value) }.Uri;
        AssertFailed(other, await other.OpenAsync(forged, Cancelled), "expired"); // the provider has recorded the code as used

        Assert.Equal(session.Id, Assert.Single(await SessionsAsync(app)).Id);
    }

    [Fact]
    public async Task Callback_OfAnotherBrowser_IsRefused()
    {
        await AccountAsync();
        var app = await AppAsync();
        var callback = await Visit(app).CallbackAsync(_user, Cancelled);
        var victim = Visit(app);

        AssertFailed(victim, await victim.OpenAsync(callback, Cancelled), "expired");
        AssertFailed(victim, await victim.GoAsync("/signin-oidc?code=x", Cancelled), "expired");
        Assert.Empty(await SessionsAsync(app));
    }

    [Fact]
    public async Task SignIn_Denied_ShowsAPageWithALinkBack()
    {
        var visit = Visit(await AppAsync());
        await visit.GoAsync("/", Cancelled);

        var page = await visit.LogInAsync(new() { ["deny"] = "1" }, null, Cancelled);

        AssertFailed(visit, page, "denied");
        Assert.DoesNotContain("access_denied", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SigningOut_EndsTheSessionHereAndAtTheProvider()
    {
        await AccountAsync();
        var app = await AppAsync();
        var visit = Visit(app);
        await visit.SignInAsync(_user, Cancelled);

        var leaving = await visit.SignOutAsync(Cancelled);
        Assert.Empty(await SessionsAsync(app));
        var target = new Uri(Refresh().Match(leaving).Groups[1].Value);
        Assert.Contains("id_token_hint=", target.Query, StringComparison.Ordinal);

        var question = await visit.OpenAsync(target, Cancelled);
        var form = new Dictionary<string, string> { ["logout"] = "yes", ["xsrf"] = Xsrf().Match(question).Groups[1].Value };
        await visit.PostAsync(new Uri(provider.Issuer, "/session/end/confirm"), form, Cancelled);
        Assert.Equal((app.Url.Authority, AccountRoutes.SignedOut), (visit.At.Authority, visit.At.AbsolutePath));

        await visit.OpenAsync(new Uri(app.Url, "/sign-in?asked=true"), Cancelled);
        Assert.Equal(provider.Issuer.Authority, visit.At.Authority); // the provider asks for credentials: its session has ended too
    }

    [Fact]
    public async Task SigningOutAtTheProvider_EndsTheSessionHere()
    {
        await AccountAsync();
        var app = await AppAsync();
        var (visit, elsewhere) = (Visit(app), Visit(app));
        await visit.SignInAsync(_user, Cancelled);
        await elsewhere.SignInAsync(_user, Cancelled);

        var question = await visit.OpenAsync(new Uri(provider.Issuer, "/session/end"), Cancelled);
        await visit.PostAsync(
            new Uri(provider.Issuer, "/session/end/confirm"),
            new() { ["logout"] = "yes", ["xsrf"] = Xsrf().Match(question).Groups[1].Value },
            Cancelled
        );

        Assert.False(await visit.IsSignedInAsync(Cancelled));
        Assert.True(await elsewhere.IsSignedInAsync(Cancelled)); // another session at the provider is another session here
    }

    [Fact]
    public async Task Cookie_HoldsNoTokens()
    {
        await AccountAsync();
        var app = await AppAsync();
        await Visit(app).SignInAsync(_user, Cancelled);

        var session = Assert.Single(await SessionsAsync(app));
        Assert.NotNull(session.IdToken);
        Assert.DoesNotContain("eyJ", session.IdToken, StringComparison.Ordinal); // an unencrypted token would start like this
        Assert.NotNull(session.ProviderSession);
    }

    [Theory]
    [InlineData(null, "signed in at the provider")]
    [InlineData("issuer", "A sign-in at the provider failed")]
    public async Task Log_NamesUserAndReason_AndContainsNoSecretOrToken(string? twist, string said)
    {
        await AccountAsync();
        var port = UnusedPort.Find();
        var settings = await provider.RegisterAsync(port, twist, Cancelled);
        var app = Start(port, settings);
        var visit = Visit(app);
        var callback = await visit.CallbackAsync(_user, Cancelled);
        await visit.OpenAsync(callback, Cancelled);

        Assert.Contains(said, app.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", app.Log.Text, StringComparison.Ordinal); // every token starts like this
        Assert.DoesNotContain(settings["Auth:Oidc:ClientSecret"]!, app.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Code().Match(callback.Query).Value, app.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LocalAccountPages_WithAProvider_DoNotExist()
    {
        var app = await AppAsync();
        using var visitor = new Browserless(app);

        using var post = await visitor.PostAsync(
            AccountRoutes.SignIn,
            new()
            {
                ["_handler"] = "sign-in",
                ["Form.UserName"] = WebApp.Admin,
                ["Form.Password"] = WebApp.Password,
            },
            Cancelled
        );

        Assert.Equal(HttpStatusCode.NotFound, post.StatusCode);
        await using var scope = app.Services.CreateAsyncScope();
        Assert.Empty(scope.ServiceProvider.GetRequiredService<AccountsDb>().Users);
    }

    [Fact]
    public async Task Provider_Unreachable_SaysSo_AndRecovers()
    {
        await AccountAsync();
        var port = UnusedPort.Find();
        var settings = await provider.RegisterAsync(port, null, Cancelled);
        // The address of its metadata is broken. All other addresses work.
        var described = UnusedPort.Find();
        settings["Auth:Oidc:Authority"] = $"http://127.0.0.1:{described}";
        var visit = Visit(Start(port, settings));

        AssertFailed(visit, await visit.GoAsync("/?show=red", Cancelled), "unreachable");
        var again = visit.At.Query[visit.At.Query.IndexOf("returnUrl", StringComparison.Ordinal)..];

        await using var back = await provider.DescribeAtAsync(described, Cancelled);
        await visit.GoAsync($"/sign-in?{again}", Cancelled);
        await visit.LogInAsync(new() { ["login"] = _user }, null, Cancelled);
        Assert.Equal("/?show=red", visit.At.PathAndQuery);
    }

    [Fact]
    public async Task AccountPage_WithAProvider_ShowsSessionsOnly()
    {
        await AccountAsync("fleet-admins");
        var visit = Visit(await AppAsync());
        await visit.SignInAsync(_user, Cancelled);

        var account = await visit.GoAsync("/account", Cancelled);
        Assert.Contains("this one", account, StringComparison.Ordinal);
        Assert.DoesNotContain("type=\"password\"", account, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"users\"", account, StringComparison.Ordinal);
        Assert.Contains("Page not found", await visit.GoAsync("/users", Cancelled), StringComparison.Ordinal);
    }

    private async Task<WebApp> AppAsync(string? twist = null, params (string Key, string Value)[] changes)
    {
        var port = UnusedPort.Find();
        var settings = await provider.RegisterAsync(port, twist, Cancelled);
        foreach (var (key, value) in changes)
        {
            settings[key] = value;
        }
        return Start(port, settings);
    }

    private WebApp Start(int port, Dictionary<string, string?> settings)
    {
        var app = WebApp.StartOn(port, _collector.Url, settings);
        _apps.Add(app);
        return app;
    }

    private OidcVisit Visit(WebApp app)
    {
        var visit = new OidcVisit(app, provider.Issuer);
        _visits.Add(visit);
        return visit;
    }

    private Task AccountAsync(string group = "fleet-viewers") =>
        provider.SetAccountAsync(_user, new { name = "Uma", groups = new[] { group } }, Cancelled);

    private static void AssertFailed(OidcVisit visit, string page, string reason)
    {
        Assert.Equal(AccountRoutes.SignInFailed, visit.At.AbsolutePath);
        Assert.Contains(SignInFailure.From(reason).Sentence, page, StringComparison.Ordinal);
        Assert.Contains("Sign in again", page, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", page, StringComparison.Ordinal);
    }

    private static string? RoleOn(string page) => Menu().Match(page) is { Success: true } match ? match.Groups[1].Value : null;

    private static async Task<IReadOnlyList<Session>> SessionsAsync(WebApp app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return [.. scope.ServiceProvider.GetRequiredService<AccountsDb>().Sessions];
    }

    [GeneratedRegex("class=\"you\"[^>]*><b[^>]*>[^<]*</b><span[^>]*>([^<]+)</span>")]
    private static partial Regex Menu();

    [GeneratedRegex("code=[^&]+")]
    private static partial Regex Code();

    [GeneratedRegex("0;url=([^\"]+)\"")]
    private static partial Regex Refresh();

    [GeneratedRegex("name=\"xsrf\" value=\"([^\"]+)\"")]
    private static partial Regex Xsrf();
}
