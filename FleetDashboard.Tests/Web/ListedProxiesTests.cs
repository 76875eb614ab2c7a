using System.Net;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Auth;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>Only forwarded headers of listed proxies are trusted. The tests act as the proxy, on 127.0.0.1.</summary>
public sealed class ListedProxiesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("10.0.0.7", false)]
    [InlineData("", false)]
    public async Task SignIn_ThroughAProxy_CookieIsSecureOnlyIfTheProxyIsListed(string trusted, bool secure)
    {
        await using var app = WebApp.Start(new Uri("http://127.0.0.1:1"), [new("Proxy:Trusted:0", trusted)]);
        using var visitor = new Browserless(app);
        visitor.AddHeader("X-Forwarded-Proto", "https");
        visitor.AddHeader("X-Forwarded-For", "203.0.113.9");

        var answer = await visitor.GetAsync(AccountRoutes.SignIn, Token);

        var cookie = Assert.Single(
            answer.Headers.GetValues("Set-Cookie"),
            value => value.StartsWith("fleet-form", StringComparison.Ordinal)
        );
        Assert.Equal(secure, cookie.Contains("secure", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("127.0.0.1", "https://fleet.example.org")]
    [InlineData("10.0.0.7", "http://127.0.0.1")]
    public async Task Redirect_ThroughAListedProxy_UsesItsForwardedAddress(string trusted, string expected)
    {
        await using var app = WebApp.Start(
            new Uri("http://127.0.0.1:1"),
            [new("Proxy:Trusted:0", trusted), new("Proxy:Hosts:0", "fleet.example.org")]
        );
        using var visitor = new Browserless(app);
        visitor.AddHeader("X-Forwarded-Proto", "https");
        visitor.AddHeader("X-Forwarded-Host", "fleet.example.org");
        visitor.AddHeader("X-Forwarded-For", "203.0.113.9");

        var answer = await visitor.GetAsync("/", Token);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith(expected, answer.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    // The limit counts per address. Behind a listed proxy that is the browser's; otherwise all browsers behind the proxy share it.
    [Theory]
    [InlineData("127.0.0.1", SignIn.Failed)]
    [InlineData("10.0.0.7", SignIn.TooMany)]
    public async Task Attempts_OfTwoBrowsersBehindOneProxy_AreCountedByTheTrustedAddress(string trusted, string expected)
    {
        await using var app = WebApp.Start(
            new Uri("http://127.0.0.1:1"),
            [new("Proxy:Trusted:0", trusted), new("Accounts:AttemptsPerMinute", "1")]
        );
        using var first = new Browserless(app);
        using var second = new Browserless(app);
        first.AddHeader("X-Forwarded-For", "203.0.113.1");
        second.AddHeader("X-Forwarded-For", "203.0.113.2");
        await first.SignInAsync("admin", "wrong password", Token);

        var answer = await second.SignInAsync("admin", "wrong password", Token);

        Assert.Contains(expected, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Token)), StringComparison.Ordinal);
    }

    // A value that the browser sent itself comes before the one that the proxy adds, and must not be trusted.
    [Fact]
    public async Task Address_ForgedByTheBrowser_IsIgnored()
    {
        await using var app = WebApp.Start(
            new Uri("http://127.0.0.1:1"),
            [new("Proxy:Trusted:0", "127.0.0.1"), new("Accounts:AttemptsPerMinute", "1")]
        );
        using var first = new Browserless(app);
        using var second = new Browserless(app);
        first.AddHeader("X-Forwarded-For", "198.51.100.1, 203.0.113.1");
        second.AddHeader("X-Forwarded-For", "198.51.100.2, 203.0.113.1");
        await first.SignInAsync("admin", "wrong password", Token);

        var answer = await second.SignInAsync("admin", "wrong password", Token);

        Assert.Contains(SignIn.TooMany, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Token)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("proxy.local", "Proxy:Trusted contains 'proxy.local'. Write an address")]
    [InlineData("10.0.0.0/33", "Proxy:Trusted contains '10.0.0.0/33'. Write an address")]
    [InlineData("0.0.0.0/0", "Proxy:Trusted contains '0.0.0.0/0', which matches every address")]
    [InlineData("::/0", "Proxy:Trusted contains '::/0', which matches every address")]
    public void Entry_Invalid_StartIsRefused(string entry, string sentence) =>
        Assert.StartsWith(sentence, Assert.Single(Failures(new ConfigurationManager(), entry)), StringComparison.Ordinal);

    [Fact]
    public void Platform_TrustsEveryAddress_StartIsRefused()
    {
        var configuration = new ConfigurationManager { ["FORWARDEDHEADERS_ENABLED"] = "true" };

        Assert.StartsWith(
            "ASPNETCORE_FORWARDEDHEADERS_ENABLED trusts",
            Assert.Single(Failures(configuration, "10.0.0.7")),
            StringComparison.Ordinal
        );
    }

    private static IEnumerable<string> Failures(IConfiguration configuration, string entry) =>
        new ProxyOptionsValidator(configuration).Validate(null, new ProxyOptions { Trusted = [entry] }).Failures ?? [];
}
