using System.Net;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Auth;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>Forwarded headers count from listed proxies and from nobody else. The tests are the proxy, on 127.0.0.1.</summary>
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
        visitor.Says("X-Forwarded-Proto", "https");
        visitor.Says("X-Forwarded-For", "203.0.113.9");

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
    public async Task Redirect_ThroughAProxy_LeadsWhereAListedProxySays(string trusted, string expected)
    {
        await using var app = WebApp.Start(
            new Uri("http://127.0.0.1:1"),
            [new("Proxy:Trusted:0", trusted), new("Proxy:Hosts:0", "fleet.example.org")]
        );
        using var visitor = new Browserless(app);
        visitor.Says("X-Forwarded-Proto", "https");
        visitor.Says("X-Forwarded-Host", "fleet.example.org");
        visitor.Says("X-Forwarded-For", "203.0.113.9");

        var answer = await visitor.GetAsync("/", Token);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith(expected, answer.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    // One address has so many attempts: behind a listed proxy that is the browser's, else everybody behind the proxy shares them.
    [Theory]
    [InlineData("127.0.0.1", SignIn.Failed)]
    [InlineData("10.0.0.7", SignIn.TooMany)]
    public async Task Attempts_OfTwoBrowsersBehindOneProxy_AreCountedByWhoeverIsBelieved(string trusted, string expected)
    {
        await using var app = WebApp.Start(
            new Uri("http://127.0.0.1:1"),
            [new("Proxy:Trusted:0", trusted), new("Accounts:AttemptsPerMinute", "1")]
        );
        using var first = new Browserless(app);
        using var second = new Browserless(app);
        first.Says("X-Forwarded-For", "203.0.113.1");
        second.Says("X-Forwarded-For", "203.0.113.2");
        await first.SignInAsync("admin", "wrong password", Token);

        var answer = await second.SignInAsync("admin", "wrong password", Token);

        Assert.Contains(expected, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Token)), StringComparison.Ordinal);
    }

    // What a browser writes into the header itself stands before what the proxy adds, and is not believed.
    [Fact]
    public async Task Address_BrowserInventsOne_OnlyTheProxysWordCounts()
    {
        await using var app = WebApp.Start(
            new Uri("http://127.0.0.1:1"),
            [new("Proxy:Trusted:0", "127.0.0.1"), new("Accounts:AttemptsPerMinute", "1")]
        );
        using var first = new Browserless(app);
        using var second = new Browserless(app);
        first.Says("X-Forwarded-For", "198.51.100.1, 203.0.113.1");
        second.Says("X-Forwarded-For", "198.51.100.2, 203.0.113.1");
        await first.SignInAsync("admin", "wrong password", Token);

        var answer = await second.SignInAsync("admin", "wrong password", Token);

        Assert.Contains(SignIn.TooMany, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Token)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("proxy.local", "Proxy:Trusted holds 'proxy.local': write an address")]
    [InlineData("10.0.0.0/33", "Proxy:Trusted holds '10.0.0.0/33': write an address")]
    [InlineData("0.0.0.0/0", "Proxy:Trusted holds '0.0.0.0/0', which is everybody")]
    [InlineData("::/0", "Proxy:Trusted holds '::/0', which is everybody")]
    public void Entry_IsNoProxy_StartIsRefused(string entry, string sentence) =>
        Assert.StartsWith(sentence, Assert.Single(Failures(new ConfigurationManager(), entry)), StringComparison.Ordinal);

    [Fact]
    public void Platform_IsToldToBelieveEverybody_StartIsRefused()
    {
        var configuration = new ConfigurationManager { ["FORWARDEDHEADERS_ENABLED"] = "true" };

        Assert.StartsWith(
            "ASPNETCORE_FORWARDEDHEADERS_ENABLED believes",
            Assert.Single(Failures(configuration, "10.0.0.7")),
            StringComparison.Ordinal
        );
    }

    private static IEnumerable<string> Failures(IConfiguration configuration, string entry) =>
        new ProxyOptionsValidator(configuration).Validate(null, new ProxyOptions { Trusted = [entry] }).Failures ?? [];
}
