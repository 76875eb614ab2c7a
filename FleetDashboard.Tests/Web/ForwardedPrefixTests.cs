using System.Net;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Auth;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>What a proxy may forward about host and path, and what other callers may not.</summary>
public sealed class ForwardedPrefixTests : IAsyncLifetime
{
    private FakeCollector _collector = default!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _collector = await FakeCollector.StartAsync(Snapshots.Fleet());

    public ValueTask DisposeAsync() => _collector.DisposeAsync();

    [Theory]
    [InlineData("127.0.0.1", "/fleet", "/fleet")]
    [InlineData("127.0.0.1", "/a/b-c.d", "/a/b-c.d")]
    [InlineData("10.0.0.7", "/fleet", "")]
    [InlineData("127.0.0.1", "//evil.example", "")]
    [InlineData("127.0.0.1", "/\\evil.example", "")]
    [InlineData("127.0.0.1", "/fleet/..", "")]
    [InlineData("127.0.0.1", "/fleet/", "")]
    [InlineData("127.0.0.1", "fleet", "")]
    [InlineData("127.0.0.1", "https://evil.example", "")]
    [InlineData("127.0.0.1", "/\"><script>", "")]
    public async Task Prefix_IsAcceptedOnlyFromAListedProxyAndOnlyAsAPath(string trusted, string told, string expected)
    {
        await using var app = WebApp.Start(_collector.Url, [new("Proxy:Trusted:0", trusted)]);
        using var visitor = new Browserless(app);
        visitor.AddHeader("X-Forwarded-For", "203.0.113.9");
        visitor.AddHeader("X-Forwarded-Prefix", told);

        var page = await (await visitor.GetAsync(AccountRoutes.SignIn, Token)).Content.ReadAsStringAsync(Token);
        var away = (await visitor.GetAsync("/ports", Token)).Headers.Location!;

        Assert.Contains($"<base href=\"{expected}/\"", page, StringComparison.Ordinal);
        Assert.Equal($"{expected}{AccountRoutes.SignIn}", new Uri(app.Url, away).AbsolutePath);
        Assert.Equal(app.Url.Authority, new Uri(app.Url, away).Authority);
    }

    [Theory]
    [InlineData("/fleet/ports", "/fleet/ports")]
    [InlineData("/ports", "/fleet/")]
    [InlineData("/fleet//evil.example", "/fleet//evil.example")]
    [InlineData("//evil.example", "/fleet/")]
    [InlineData("/fleetwood", "/fleet/")]
    [InlineData("/fleet/sign-in", "/fleet/")]
    public async Task ReturnUrl_StaysUnderThePrefix(string asked, string expected)
    {
        await using var app = WebApp.Start(_collector.Url, [new("Proxy:PathBase", "/fleet")]);
        using var visitor = new Browserless(new Uri(app.Url, "/fleet/"));

        var form = await visitor.FormAsync($"/fleet/sign-in?returnUrl={Uri.EscapeDataString(asked)}", Token);
        (form["_handler"], form["Form.UserName"], form["Form.Password"]) = ("sign-in", WebApp.Admin, WebApp.Password);
        var answer = await visitor.PostAsync($"/fleet/sign-in?returnUrl={Uri.EscapeDataString(asked)}", form, Token);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(expected, new Uri(app.Url, answer.Headers.Location!).AbsolutePath);
    }

    [Theory]
    [InlineData(null, "evil.example", "127.0.0.1")]
    [InlineData("fleet.example.org", "fleet.example.org", "fleet.example.org")]
    [InlineData("fleet.example.org", "evil.example", "127.0.0.1")]
    [InlineData("fleet.example.org", "fleet.example.org.evil.example", "127.0.0.1")]
    [InlineData("*.example.org", "fleet.example.org", "fleet.example.org")]
    [InlineData("*.example.org", "evil.example", "127.0.0.1")]
    public async Task ForwardedHost_NotListed_IsIgnored(string? listed, string told, string expected)
    {
        await using var app = WebApp.Start(_collector.Url, [new("Proxy:Trusted:0", "127.0.0.1"), new("Proxy:Hosts:0", listed)]);
        using var visitor = new Browserless(app);
        visitor.AddHeader("X-Forwarded-For", "203.0.113.9");
        visitor.AddHeader("X-Forwarded-Host", told);

        Assert.Equal(expected, (await visitor.GetAsync("/", Token)).Headers.Location!.Host);
    }

    [Fact]
    public async Task Host_NotListed_Is400_WithTheSecurityHeaders()
    {
        await using var app = WebApp.Start(_collector.Url, [new("AllowedHosts", "fleet.example.org;127.0.0.1")]);
        using var visitor = new Browserless(app);
        using var request = new HttpRequestMessage(HttpMethod.Get, AccountRoutes.SignIn) { Headers = { Host = "evil.example" } };

        var refused = await visitor.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(SecurityHeaders.ContentSecurityPolicy, Assert.Single(refused.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync(AccountRoutes.SignIn, Token)).StatusCode);
    }

    [Theory]
    [InlineData("fleet", null, "Proxy:PathBase is 'fleet'")]
    [InlineData("/fleet/", null, "Proxy:PathBase is '/fleet/'")]
    [InlineData("//host", null, "Proxy:PathBase is '//host'")]
    [InlineData(null, "*", "Proxy:Hosts contains '*'")]
    [InlineData(null, "https://fleet.example", "Proxy:Hosts contains 'https://fleet.example'")]
    public void Setting_Invalid_IsNamed(string? path, string? host, string sentence) =>
        Assert.StartsWith(
            sentence,
            Assert.Single(
                new ProxyOptionsValidator(new ConfigurationManager())
                    .Validate(null, new ProxyOptions { PathBase = path, Hosts = host is null ? [] : [host] })
                    .Failures!
            ),
            StringComparison.Ordinal
        );
}
