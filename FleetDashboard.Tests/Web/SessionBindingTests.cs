using System.Net;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Auth;
using FleetDashboard.Web.Auth.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>A session is bound to its network, has an absolute end, and its cookie's name says how it was set.</summary>
public sealed class SessionBindingTests : IAsyncLifetime
{
    private FakeCollector _collector = default!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _collector = await FakeCollector.StartAsync(Snapshots.Fleet());

    public ValueTask DisposeAsync() => _collector.DisposeAsync();

    [Theory]
    [InlineData("address", "203.0.113.9", "203.0.113.9", true)]
    [InlineData("address", "203.0.113.9", "203.0.113.10", false)]
    [InlineData("address", "2001:db8:1:2::aaaa", "2001:db8:1:2:1234:5678:9abc:def0", true)]
    [InlineData("address", "2001:db8:1:2::aaaa", "2001:db8:1:3::aaaa", false)]
    [InlineData("address", "203.0.113.9", "2001:db8:1:2::1", false)]
    [InlineData("address", "::ffff:203.0.113.9", "203.0.113.9", true)]
    [InlineData("none", "203.0.113.9", "198.51.100.7", true)]
    public async Task Session_FromAnotherAddress_MustSignInAgain(string binding, string opened, string used, bool stays)
    {
        await using var app = WebApp.Start(_collector.Url, [new("Proxy:Trusted:0", "127.0.0.1"), new("Accounts:BindSessions", binding)]);
        using var owner = new Browserless(app);
        owner.AddHeader("X-Forwarded-For", opened);
        await owner.SignInAsync(WebApp.Admin, WebApp.Password, Cancelled);
        using var thief = new Browserless(app) { Cookies = owner.Cookies };
        thief.AddHeader("X-Forwarded-For", used);

        var stolen = await thief.GetAsync("/account", Cancelled);

        Assert.Equal(stays ? HttpStatusCode.OK : HttpStatusCode.Redirect, stolen.StatusCode);
        // using a copy ends the session for both
        Assert.Equal(stays ? HttpStatusCode.OK : HttpStatusCode.Redirect, (await owner.GetAsync("/account", Cancelled)).StatusCode);
        Assert.Equal(!stays, app.Log.Text.Contains($"The session of {WebApp.Admin} was opened from", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Session_InUse_StillHasAnAbsoluteEnd()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = WebApp.Start(
            _collector.Url,
            services => services.AddSingleton<TimeProvider>(time),
            new KeyValuePair<string, string?>("Accounts:SessionLifetime", "1.00:00:00")
        );
        var store = app.Services.GetRequiredService<SessionStore>();
        var key = SessionClaim.KeyOf(await store.OpenAsync(new SessionOpening("user", "user", null, null, null), Cancelled));

        for (var hour = 0; hour < 23; hour++)
        {
            time.Advance(TimeSpan.FromHours(1));
            Assert.NotNull(await store.FindAsync(key, Cancelled));
        }
        time.Advance(TimeSpan.FromHours(1));

        Assert.Null(await store.FindAsync(key, Cancelled));
        Assert.Empty(await store.ListAsync("user", null, Cancelled));
    }

    [Theory]
    [InlineData("http", "fleet=")]
    [InlineData("https", "__Host-fleet=")]
    public async Task Cookie_OverHttps_HasTheHostPrefix(string scheme, string name)
    {
        await using var app = WebApp.Start(_collector.Url, [new("Proxy:Trusted:0", "127.0.0.1")]);
        var cookies = await SignInAsync(app, scheme);

        var session = Assert.Single(cookies, cookie => cookie.StartsWith(name, StringComparison.Ordinal));
        Assert.Contains("path=/;", session, StringComparison.Ordinal);
        Assert.DoesNotContain("domain=", session, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(scheme == "https", session.Contains("; secure", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("http", "nas.home", "203.0.113.9", true)]
    [InlineData("http", "192.168.1.5:5080", "192.168.1.9", true)]
    [InlineData("http", "localhost:5080", "172.18.0.1", false)]
    [InlineData("http", "[::1]:5080", "172.18.0.1", false)]
    [InlineData("http", "nas.home", "127.0.0.1", false)]
    [InlineData("https", "nas.home", "203.0.113.9", false)]
    [InlineData("http", "localhost.evil.example", "203.0.113.9", true)]
    public void SignIn_OverPlainHttpFromAnotherMachine_ShowsAWarning(string scheme, string host, string from, bool warned)
    {
        var context = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        (context.Request.Scheme, context.Request.Host, context.Connection.RemoteIpAddress) = (scheme, new(host), IPAddress.Parse(from));

        Assert.Equal(warned, PlainHttp.IsRisky(context));
    }

    [Theory]
    [InlineData("Accounts:BindSessions", "network", "Accounts:BindSessions is 'network'")]
    [InlineData("Accounts:SessionLifetime", "00:10:00", "Accounts:SessionLifetime must be between")]
    public void Setting_OutOfRange_IsNamed(string key, string value, string sentence)
    {
        var options = new AccountsOptions();
        if (key.EndsWith("BindSessions", StringComparison.Ordinal))
        {
            options.BindSessions = value;
        }
        else
        {
            options.SessionLifetime = TimeSpan.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
        }

        Assert.Contains(sentence, new AccountsOptionsValidator().Validate(null, options).FailureMessage, StringComparison.Ordinal);
    }

    // The proxy forwards https, so the cookies are Secure. A client on plain http does not send them back by itself.
    private static async Task<IEnumerable<string>> SignInAsync(WebApp app, string scheme)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = app.Url };
        http.DefaultRequestHeaders.Add("X-Forwarded-Proto", scheme);
        http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        using var page = await http.GetAsync(new Uri(AccountRoutes.SignIn, UriKind.Relative), Cancelled);
        var form = Browserless.Fields(await page.Content.ReadAsStringAsync(Cancelled));
        (form["_handler"], form["Form.UserName"], form["Form.Password"]) = ("sign-in", WebApp.Admin, WebApp.Password);
        using var request = new HttpRequestMessage(HttpMethod.Post, AccountRoutes.SignIn) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Add("Cookie", string.Join("; ", page.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0])));
        using var answer = await http.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.GetValues("Set-Cookie");
    }
}
