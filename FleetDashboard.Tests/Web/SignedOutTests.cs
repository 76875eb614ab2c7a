using System.Net;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Oidc;
using FleetDashboard.Web.Auth;
using FleetDashboard.Web.Auth.Oidc;
using FleetDashboard.Web.Auth.Sessions;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>A sign-out is final: the provider's session, which still exists in each of these tests, does not undo it.</summary>
public sealed class SignedOutTests(OidcProvider provider) : IAsyncLifetime
{
    private readonly List<IDisposable> _visits = [];
    private readonly List<WebApp> _apps = [];
    private readonly string _user = $"user-{Guid.NewGuid():N}";
    private FakeCollector _collector = default!;
    private string _client = "";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await provider.StartAsync(Cancelled);
        _collector = await FakeCollector.StartAsync(Snapshots.Fleet());
        await provider.SetAccountAsync(_user, new { groups = new[] { "fleet-viewers" } }, Cancelled);
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

    [Fact]
    public async Task SignedOut_NextSignIn_RequiresAPrompt()
    {
        var visit = await SignedInAsync(await AppAsync());
        await visit.SignOutAsync(Cancelled);

        var page = await visit.GoAsync("/?show=red", Cancelled);
        AssertSignedOut(visit, page);

        await visit.GoAsync(visit.At.Query.Replace("?", "/sign-in?asked=true&", StringComparison.Ordinal), Cancelled);
        Assert.Contains("prompt=login", visit.Way.Single(address => address.AbsolutePath == "/auth").Query, StringComparison.Ordinal);
        await visit.LogInAsync(new() { ["login"] = _user }, null, Cancelled);
        Assert.Equal("/?show=red", visit.At.PathAndQuery);
        Assert.False(visit.Has(SignedOutCookie.Cookie));
    }

    [Fact]
    public async Task SignedInAgain_NextSession_NeedsNoPrompt()
    {
        var visit = await SignedInAsync(await AppAsync());
        await visit.SignOutAsync(Cancelled);
        await visit.GoAsync("/sign-in?asked=true", Cancelled);
        await visit.LogInAsync(new() { ["login"] = _user }, null, Cancelled);

        visit.Lose("fleet");
        await visit.GoAsync("/ports", Cancelled);

        Assert.Equal("/ports", visit.At.AbsolutePath);
    }

    [Fact]
    public async Task Session_EndedFromAnotherBrowser_RequiresAPrompt()
    {
        var app = await AppAsync();
        var visit = await SignedInAsync(app);
        await app.Services.GetRequiredService<SessionStore>().EndAsync(_ => true, Cancelled);

        AssertSignedOut(visit, await visit.GoAsync("/", Cancelled));

        await visit.GoAsync("/sign-in?asked=true", Cancelled);
        Assert.StartsWith("/interaction/", visit.At.AbsolutePath, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_Expired_IsNotTreatedAsSignedOut()
    {
        var app = await AppAsync();
        var visit = await SignedInAsync(app);
        app
            .Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>()
            .Get(IdentityConstants.ApplicationScheme)
            .TimeProvider = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(2));

        using var answer = await visit.RequestAsync("/", Cancelled);

        Assert.Equal(AccountRoutes.SignIn, answer.Headers.Location!.AbsolutePath);
        Assert.False(visit.Has(SignedOutCookie.Cookie));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("select_account", false)]
    public async Task Provider_NeverPrompts_SignInIsRejected(string? prompt, bool refused)
    {
        var visit = await SignedInAsync(await AppAsync("never-asks", prompt));
        await visit.SignOutAsync(Cancelled);
        await WaitAsync(TimeSpan.FromSeconds(7)); // longer than the sign-in takes plus its tolerance

        var page = await visit.GoAsync("/sign-in?asked=true", Cancelled);

        Assert.Equal(refused ? AccountRoutes.SignInFailed : "/", visit.At.AbsolutePath);
        Assert.Equal(refused, page.Contains(SignInFailure.NotAsked.Sentence, StringComparison.Ordinal));
        Assert.Equal(refused, visit.Has(SignedOutCookie.Cookie));
    }

    [Fact]
    public async Task SignInUnderWay_BrowserSignsOut_IsRejected()
    {
        var visit = await SignedInAsync(await AppAsync());
        visit.Lose("fleet");
        var callback = await visit.CallbackAsync(_user, Cancelled);
        Assert.Equal("/signin-oidc", callback.AbsolutePath); // without a prompt: the provider has a session
        using (var other = await SignedInAsync(_apps[0]))
        {
            await other.SignOutAsync(Cancelled);
            Assert.True(other.Has(SignedOutCookie.Cookie));
            visit.CopyCookie(other, SignedOutCookie.Cookie);
        }

        AssertSignedOut(visit, await visit.OpenAsync(callback, Cancelled));
    }

    [Fact]
    public async Task SignInUnderWay_ProviderEndsTheSessions_IsRejected()
    {
        var app = await AppAsync();
        var visit = await SignedInAsync(app);
        visit.Lose("fleet");
        var callback = await visit.CallbackAsync(_user, Cancelled);
        Assert.Equal("/signin-oidc", callback.AbsolutePath);

        await EndAtProviderAsync(app);

        AssertSignedOut(visit, await visit.OpenAsync(callback, Cancelled));
        await visit.GoAsync("/sign-in?asked=true", Cancelled);
        await visit.LogInAsync(new() { ["login"] = _user }, null, Cancelled);
        Assert.True(await visit.IsSignedInAsync(Cancelled));
    }

    [Fact]
    public async Task Session_EndedByTheProvider_RequiresAPrompt()
    {
        var app = await AppAsync();
        var visit = await SignedInAsync(app);

        await EndAtProviderAsync(app);

        AssertSignedOut(visit, await visit.GoAsync("/ports", Cancelled));
    }

    private static async Task WaitAsync(TimeSpan time)
    {
        var since = TimeProvider.System.GetTimestamp();
        await Eventually.GetAsync(_ => Task.FromResult(TimeProvider.System.GetElapsedTime(since)), elapsed => elapsed > time);
    }

    private static void AssertSignedOut(OidcVisit visit, string page)
    {
        Assert.Equal(AccountRoutes.SignedOut, visit.At.AbsolutePath);
        Assert.Contains("You are signed out", page, StringComparison.Ordinal);
    }

    private async Task EndAtProviderAsync(WebApp app)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var token = await provider.SignAsync(
            new Dictionary<string, object>
            {
                ["iss"] = provider.Issuer.GetLeftPart(UriPartial.Authority),
                ["aud"] = _client,
                ["iat"] = now,
                ["exp"] = now + 120,
                ["jti"] = Guid.NewGuid().ToString("N"),
                ["sub"] = _user,
                ["events"] = new Dictionary<string, object> { ["http://schemas.openid.net/event/backchannel-logout"] = new object() },
            },
            Cancelled
        );
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["logout_token"] = token });
        Assert.Equal(
            HttpStatusCode.OK,
            (await http.PostAsync(new Uri(app.Url, AccountRoutes.BackChannelSignOut), form, Cancelled)).StatusCode
        );
    }

    private async Task<OidcVisit> SignedInAsync(WebApp app)
    {
        var visit = new OidcVisit(app, provider.Issuer);
        _visits.Add(visit);
        await visit.SignInAsync(_user, Cancelled);
        Assert.True(await visit.IsSignedInAsync(Cancelled));
        return visit;
    }

    private async Task<WebApp> AppAsync(string? twist = null, string? prompt = null)
    {
        var port = UnusedPort.Find();
        var settings = await provider.RegisterAsync(port, twist, Cancelled);
        settings["Auth:Oidc:PromptAfterSignOut"] = prompt;
        _client = settings["Auth:Oidc:ClientId"]!;
        var app = WebApp.StartOn(port, _collector.Url, settings);
        _apps.Add(app);
        return app;
    }
}
