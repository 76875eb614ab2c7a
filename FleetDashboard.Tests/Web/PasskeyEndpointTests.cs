using System.Net;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Auth;
using FleetDashboard.Web.Auth.Passkeys;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>Access to the passkey endpoints, without a browser. Browser/PasskeyTests covers the whole flow.</summary>
public sealed class PasskeyEndpointTests : IAsyncLifetime
{
    private FakeCollector _collector = default!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _collector = await FakeCollector.StartAsync(Snapshots.Fleet());

    public ValueTask DisposeAsync() => _collector.DisposeAsync();

    [Theory]
    [InlineData("localhost", false, true)]
    [InlineData("fleet.localhost", false, true)]
    [InlineData("fleet.example", true, true)]
    [InlineData("fleet.example", false, false)]
    [InlineData("192.0.2.7", true, false)]
    [InlineData("[::1]", true, false)]
    [InlineData("127.0.0.1", false, false)]
    [InlineData("", true, false)]
    public void Site_OffersPasskeysWhereBrowsersSupportThem(string host, bool https, bool works) =>
        Assert.Equal(works, PasskeySite.Works(host, https));

    [Fact]
    public async Task Page_AtAnUnsupportedAddress_SaysWhyPasskeysAreMissing()
    {
        await using var app = WebApp.Start(_collector.Url);
        using var visitor = new Browserless(app);

        Assert.DoesNotContain(
            "passkey",
            await (await visitor.GetAsync(AccountRoutes.SignIn, Cancelled)).Content.ReadAsStringAsync(Cancelled),
            StringComparison.OrdinalIgnoreCase
        );
        await visitor.SignInAsync(WebApp.Admin, WebApp.Password, Cancelled);
        var account = await (await visitor.GetAsync("/account", Cancelled)).Content.ReadAsStringAsync(Cancelled);
        Assert.Contains("only for a host name over https", account, StringComparison.Ordinal);
        Assert.DoesNotContain("Add a passkey", account, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_RequireTheFormsToken_AndASessionToAdd()
    {
        await using var app = WebApp.Start(_collector.Url);
        using var visitor = new Browserless(app);

        Assert.Equal(HttpStatusCode.BadRequest, (await visitor.PostAsync(PasskeyEndpoints.Request, [], Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.PostAsync(PasskeyEndpoints.Creation, [], Cancelled)).StatusCode);

        await visitor.SignInAsync(WebApp.Admin, WebApp.Password, Cancelled);
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await visitor.PostAsync(PasskeyEndpoints.Creation, new() { ["Present"] = WebApp.Password }, Cancelled)).StatusCode
        );
        var form = await visitor.FormAsync("/account", Cancelled);
        form["Present"] = WebApp.Password;
        var answer = await visitor.PostAsync(PasskeyEndpoints.Creation, form, Cancelled);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        var options = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.Contains("\"userVerification\":\"required\"", options, StringComparison.Ordinal);
        Assert.Contains("\"residentKey\":\"required\"", options, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attempts_HaveALimitSeparateFromPasswords()
    {
        await using var app = WebApp.Start(_collector.Url, [new("Accounts:AttemptsPerMinute", "1")]);
        using var visitor = new Browserless(app);
        visitor.AddHeader("Host", $"localhost:{app.Url.Port}");
        await visitor.SignInAsync("nobody", "wrong password", Cancelled);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await visitor.SignInAsync("nobody", "wrong password", Cancelled)).StatusCode);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await ProveAsync(visitor)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await ProveAsync(visitor)).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData(
        """
            {"id":"AAAA","rawId":"AAAA","type":"public-key","clientExtensionResults":{},
            "response":{"clientDataJSON":"AAAA","authenticatorData":"AAAA","signature":"AAAA"}}
            """
    )]
    public async Task MalformedPasskey_IsRejectedLikeAnUnknownOne(string credential)
    {
        await using var app = WebApp.Start(_collector.Url);
        using var visitor = new Browserless(app);
        visitor.AddHeader("Host", $"localhost:{app.Url.Port}");
        var form = await visitor.FormAsync(AccountRoutes.SignIn, Cancelled);
        Assert.Equal(HttpStatusCode.OK, (await visitor.PostAsync(PasskeyEndpoints.Request, form, Cancelled)).StatusCode);

        var answer = await ProveAsync(visitor, credential);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains(PasskeySignIn.Failed, await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passkeys_WithAProvider_DoNotExist()
    {
        await using var app = WebApp.Start(
            _collector.Url,
            [new("Auth:Oidc:Authority", "http://127.0.0.1:1"), new("Auth:Oidc:ClientId", "fleet"), new("Auth:Oidc:DefaultRole", "viewer")]
        );
        using var visitor = new Browserless(app);

        Assert.Equal(HttpStatusCode.NotFound, (await visitor.PostAsync(PasskeyEndpoints.Request, [], Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.PostAsync(PasskeyEndpoints.Creation, [], Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Schema_ContainsPasskeys_NoMigrationIsMissing()
    {
        await using var app = WebApp.Start(_collector.Url);
        await using var scope = app.Services.CreateAsyncScope();

        Assert.False(scope.ServiceProvider.GetRequiredService<AccountsDb>().Database.HasPendingModelChanges());
    }

    private static async Task<HttpResponseMessage> ProveAsync(Browserless visitor, string credential = "{}")
    {
        var form = await visitor.FormAsync(AccountRoutes.SignIn, Cancelled);
        form["_handler"] = "passkey";
        form["Credential"] = credential;
        return await visitor.PostAsync(AccountRoutes.SignIn, form, Cancelled);
    }
}
