using System.Net;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Logs;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>What the web app relays of a log, to whom, and in whose name.</summary>
public sealed class LogEndpointTests : IAsyncLifetime
{
    private const string Web = "shop-web-1";
    private FakeCollector _collector = default!;
    private WebApp _app = default!;

    private static string Id => Snapshots.Container("shop", "web").Id;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _collector = await FakeCollector.StartAsync(Snapshots.Create([Snapshots.App("shop", Snapshots.Container("shop", "web"))]));
        _app = WebApp.Start(_collector.Url);
        await _app.UntilAsync(view => view.Snapshot is not null, Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Theory]
    [InlineData("/logs/containers/0123456789ab")]
    [InlineData("/logs/apps/shop")]
    [InlineData("/logs/apps/shop/download")]
    public async Task SignedOut_GetsA401WithoutAPage(string path)
    {
        using var visitor = new Browserless(_app);

        var response = await visitor.GetAsync(path, Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.DoesNotContain("<html", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(_collector.Logs.Calls);
    }

    [Fact]
    public async Task WithoutARole_GetsA403WithoutAPage()
    {
        await _app.AddUserAsync("nobody", role: null);
        using var visitor = new Browserless(_app);
        await visitor.SignInAsync("nobody", WebApp.Password, Cancelled);

        var response = await visitor.GetAsync("/logs/apps/shop", Cancelled);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.DoesNotContain("<html", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Viewer_ReadsInTheirOwnName_WithOnlyTheAllowedParameters()
    {
        _collector.Logs.Print(Web, "one", "two");
        await _app.AddUserAsync("vera", Roles.Viewer);
        using var visitor = new Browserless(_app);
        await visitor.SignInAsync("vera", WebApp.Password, Cancelled);

        var response = await visitor.GetAsync($"/logs/containers/{Id}?tail=1&stream=stdout%26follow%3Dtrue&evil=1", Cancelled);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no", Assert.Single(response.Headers.GetValues("X-Accel-Buffering")));
        var call = Assert.Single(_collector.Logs.Calls);
        Assert.Equal("vera", call.Token.GetClaim(CollectorToken.NameClaim).Value);
        Assert.Equal(Roles.Viewer, call.Token.GetClaim(CollectorToken.RoleClaim).Value);
        Assert.Equal(["stream", "tail"], call.Query.Keys.Order());
        Assert.Equal("stdout&follow=true", call.Query["stream"]);
    }

    [Theory]
    [InlineData(400, 400)]
    [InlineData(404, 404)]
    [InlineData(429, 429)]
    [InlineData(401, 502)]
    [InlineData(500, 502)]
    public async Task Refusal_OfTheCollector_IsPassedOn(int status, int expected)
    {
        _collector.Logs.Refusal = (status, "This is what the Collector says is wrong.");
        using var visitor = await SignedInAsync();

        var response = await visitor.GetAsync("/logs/apps/shop?tail=-1", Cancelled);

        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var body = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.Equal(status != 401, body.Contains("This is what the Collector says is wrong.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/logs/containers/0123456789")]
    [InlineData("/logs/containers/..%2F..%2Ffleet")]
    [InlineData("/logs/containers/0123456789AB")]
    public async Task MalformedId_NeverReachesTheCollector(string path)
    {
        using var visitor = await SignedInAsync();

        var response = await visitor.GetAsync(path, Cancelled);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Empty(_collector.Logs.Calls);
    }

    [Fact]
    public async Task Collector_Unreachable_GivesA502WithAMessage()
    {
        using var visitor = await SignedInAsync();
        await _collector.GoAsync();

        var response = await visitor.GetAsync("/logs/apps/shop", Cancelled);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains("Nothing listens at its address", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Viewer_Revoked_LosesTheOpenStream()
    {
        _collector.Logs.Print(Web, "one");
        await _app.AddUserAsync("vera", Roles.Viewer);
        using var visitor = await SignedInAsync("vera");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/logs/apps/shop?follow=true");
        using var response = await visitor.OpenAsync(request, Cancelled);
        await using var body = await response.Content.ReadAsStreamAsync(Cancelled);
        Assert.NotEqual(0, await body.ReadAsync(new byte[16], Cancelled));

        await _app.RemoveUserAsync("vera");

        await Assert.ThrowsAnyAsync<Exception>(() =>
            body.CopyToAsync(Stream.Null, Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled)
        );
        await Eventually.GetAsync(_ => Task.FromResult(_collector.Logs.OpenStreams), open => open == 0);
    }

    [Fact]
    public async Task Visitor_Leaves_EndsTheStreamAtTheCollector()
    {
        _collector.Logs.Print(Web, "one");
        using var visitor = await SignedInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/logs/containers/{Id}?follow=true");
        using (await visitor.OpenAsync(request, Cancelled))
        {
            Assert.Equal(1, _collector.Logs.OpenStreams);
        }

        await Eventually.GetAsync(_ => Task.FromResult(_collector.Logs.OpenStreams), open => open == 0);
    }

    [Fact]
    public async Task Visitor_ReadsSlowly_SlowsTheCollector()
    {
        _collector.Logs.Print(Web, Enumerable.Repeat(new string('x', 1000), 100_000));
        using var visitor = await SignedInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/logs/containers/{Id}?follow=true&tail=1");
        using var response = await visitor.OpenAsync(request, Cancelled);
        _collector.Logs.Print(Web, Enumerable.Repeat(new string('x', 1000), 100_000));

        // Only a limited amount fits into the buffers between both ends, no matter how long the test waits.
        var told = -1;
        await Eventually.GetAsync(
            _ => Task.FromResult(_collector.Logs.AcceptedLines),
            now => now > 0 && now == Interlocked.Exchange(ref told, now)
        );
        Assert.InRange(_collector.Logs.AcceptedLines, 1, 60_000);
    }

    [Fact]
    public async Task Download_IsATextFileNamedAfterItsContainer()
    {
        _collector.Logs.Print(Web, "\e[31mred\e[0m \e]0;title\a\0", "second\r");
        _collector.Logs.Mark(Web, "restarted", "restarted after exit 3");
        using var visitor = await SignedInAsync();

        var response = await visitor.GetAsync($"/logs/containers/{Id}/download?tail=10", Cancelled);

        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Matches(@"^attachment; filename=shop-web-1-\d{8}-\d{6}\.log", response.Content.Headers.ContentDisposition?.ToString());
        Assert.Equal(
            """
            2026-11-23T08:00:05.001000000Z shop-web-1 red ␀
            2026-11-23T08:00:05.002000000Z shop-web-1 second
            # 2026-11-23T08:00:05.003000000Z shop-web-1 restarted after exit 3

            """,
            await response.Content.ReadAsStringAsync(Cancelled),
            ignoreLineEndingDifferences: true
        );
    }

    [Theory]
    [InlineData("\e[1;31mred\e[0m", "red")]
    [InlineData("\e]8;;https://evil.example\e\\link\e]8;;\a!", "link!")]
    [InlineData("\ePdevice\e\\after\e_apc\u009c.", "after.")]
    [InlineData("\u009b31mcsi\u0085", "csi")]
    [InlineData("\e(Bset\e", "set")]
    [InlineData("tab\tnul\0del\u007f", "tab\tnul␀del␡")]
    public void Text_OfADownload_HasNoControlCharacters(string line, string plain) => Assert.Equal(plain, LogText.Plain(line));

    private async Task<Browserless> SignedInAsync(string user = WebApp.Admin)
    {
        var visitor = new Browserless(_app);
        await visitor.SignInAsync(user, WebApp.Password, Cancelled);
        return visitor;
    }
}
