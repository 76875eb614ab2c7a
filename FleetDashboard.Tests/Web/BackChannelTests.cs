using System.Net;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Oidc;
using FleetDashboard.Web.Auth;
using FleetDashboard.Web.Auth.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>Back-channel logouts, sent by the provider or by an attacker who imitates it.</summary>
public sealed class BackChannelTests(OidcProvider provider) : IAsyncLifetime
{
    private const string User = "back-channel-user";
    private static readonly Dictionary<string, object> Event = new()
    {
        ["http://schemas.openid.net/event/backchannel-logout"] = new object(),
    };

    private readonly HttpClient _http = new();
    private FakeCollector _collector = default!;
    private WebApp _app = default!;
    private string _client = "";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    public async ValueTask InitializeAsync()
    {
        await provider.StartAsync(Cancelled);
        _collector = await FakeCollector.StartAsync(Snapshots.Fleet());
        var port = UnusedPort.Find();
        var settings = await provider.RegisterAsync(port, null, Cancelled);
        _client = settings["Auth:Oidc:ClientId"]!;
        _app = WebApp.StartOn(port, _collector.Url, settings);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
            await _collector.DisposeAsync();
        }
    }

    [Fact]
    public async Task Token_WithASession_EndsThatSession()
    {
        var (one, two, other) = (await OpenAsync(User, "one"), await OpenAsync(User, "two"), await OpenAsync("other", "three"));

        var response = await PostAsync(await TokenAsync(sub: User, sid: "one"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal((false, true, true), (await IsOpenAsync(one), await IsOpenAsync(two), await IsOpenAsync(other)));
    }

    [Fact]
    public async Task Token_WithAUser_EndsAllTheirSessions()
    {
        var (one, two, other) = (await OpenAsync(User, "one"), await OpenAsync(User, null), await OpenAsync("other", "three"));

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(await TokenAsync(sub: User))).StatusCode);

        Assert.Equal((false, false, true), (await IsOpenAsync(one), await IsOpenAsync(two), await IsOpenAsync(other)));
    }

    [Fact]
    public async Task Token_UsedTwice_IsRefused()
    {
        var token = await TokenAsync(sub: User);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(token)).StatusCode);
        var session = await OpenAsync(User, "one");

        await AssertRefusedAsync(token, "jti");

        Assert.True(await IsOpenAsync(session));
    }

    [Theory]
    [InlineData("iss", "http://evil.example", "SecurityTokenInvalidIssuerException")]
    [InlineData("aud", "another-client", "SecurityTokenInvalidAudienceException")]
    [InlineData("nonce", "n", "a logout token must not contain a nonce")]
    [InlineData("events", null, "events does not name")]
    [InlineData("sub", null, "neither sub nor sid")]
    [InlineData("jti", null, "jti is missing")]
    [InlineData("iat", -3600, "iat is too old")]
    [InlineData("iat", 3600, "iat is too old or in the future")]
    [InlineData("exp", -3600, "SecurityTokenExpiredException")]
    public async Task Token_Invalid_IsRefused(string claim, object? value, string reason)
    {
        var session = await OpenAsync(User, "one");
        var claims = Claims(User, null);
        claims.Remove(claim);
        if (value is not null)
        {
            claims[claim] = value is int seconds ? Now + seconds : value;
        }

        await AssertRefusedAsync(await provider.SignAsync(claims, Cancelled), reason);

        Assert.True(await IsOpenAsync(session));
    }

    [Fact]
    public async Task Token_NotSignedByTheProvider_IsRefused()
    {
        var session = await OpenAsync(User, "one");
        var parts = (await TokenAsync(sub: User)).Split('.');
        var unsigned = Convert.ToBase64String("""{"alg":"none"}"""u8).TrimEnd('=');

        await AssertRefusedAsync($"{unsigned}.{parts[1]}.", "not valid");
        await AssertRefusedAsync($"{parts[0]}.{parts[1]}.{new string('A', parts[2].Length)}", "not valid");
        await AssertRefusedAsync("nonsense", "not valid");
        await AssertRefusedAsync(new string('x', 40_000), "no form with a logout_token");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(new string('x', 200_000))).StatusCode);
        await AssertRefusedAsync("", "no form with a logout_token");
        Assert.True(await IsOpenAsync(session));
    }

    [Fact]
    public async Task Logout_EndsOpenLogStreamsToo()
    {
        _collector.Logs.Print("shop-web-1", "one");
        var user = $"user-{Guid.NewGuid():N}";
        await provider.SetAccountAsync(user, new { groups = new[] { "fleet-viewers" } }, Cancelled);
        using var visit = new OidcVisit(_app, provider.Issuer);
        await visit.SignInAsync(user, Cancelled);
        using var response = await visit.StreamAsync("/logs/apps/shop?follow=true", Cancelled);
        await using var body = await response.Content.ReadAsStreamAsync(Cancelled);
        Assert.NotEqual(0, await body.ReadAsync(new byte[16], Cancelled));

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(await TokenAsync(sub: user))).StatusCode);

        await Assert.ThrowsAnyAsync<Exception>(() =>
            body.CopyToAsync(Stream.Null, Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled)
        );
    }

    private Dictionary<string, object> Claims(string? sub, string? sid)
    {
        var claims = new Dictionary<string, object>
        {
            ["iss"] = provider.Issuer.GetLeftPart(UriPartial.Authority),
            ["aud"] = _client,
            ["iat"] = Now,
            ["exp"] = Now + 120,
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["events"] = Event,
        };
        if (sub is not null)
        {
            claims["sub"] = sub;
        }
        if (sid is not null)
        {
            claims["sid"] = sid;
        }
        return claims;
    }

    private Task<string> TokenAsync(string? sub = null, string? sid = null) => provider.SignAsync(Claims(sub, sid), Cancelled);

    private async Task<HttpResponseMessage> PostAsync(string token)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["logout_token"] = token });
        return await _http.PostAsync(new Uri(_app.Url, AccountRoutes.BackChannelSignOut), form, Cancelled);
    }

    private async Task AssertRefusedAsync(string token, string reason)
    {
        var response = await PostAsync(token);
        var body = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("\"error\":\"invalid_request\"", body, StringComparison.Ordinal);
        Assert.Contains(reason, body, StringComparison.Ordinal);
    }

    private SessionStore Store => _app.Services.GetRequiredService<SessionStore>();

    private async Task<string> OpenAsync(string user, string? session)
    {
        var expires = TimeProvider.System.GetUtcNow().AddHours(1);
        var issuer = _app.Services.GetRequiredService<SignInMethod>().Issuer!;
        return await Store.OpenAsync(
            new SessionOpening(user, user, null, null, new ProviderSession(issuer, session, null, expires)),
            Cancelled
        );
    }

    private async Task<bool> IsOpenAsync(string id) => await Store.FindAsync(SessionClaim.KeyOf(id), Cancelled) is not null;
}
