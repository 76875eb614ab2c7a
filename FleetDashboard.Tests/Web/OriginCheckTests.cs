using System.Net;
using System.Net.WebSockets;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Auth;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>
/// Another site's page can neither change anything nor open a circuit with this browser's cookie, and every response carries the security
/// headers.
/// </summary>
public sealed class OriginCheckTests : IAsyncLifetime
{
    private FakeCollector _collector = default!;
    private WebApp _app = default!;
    private Browserless _admin = default!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Foreign =>
        new()
        {
            { "Origin", "http://evil.example" },
            { "Origin", "http://evil.example:8096" },
            { "Origin", "http://127.0.0.1:1" },
            { "Origin", "http://localhost" },
            { "Origin", "https://127.0.0.1:{port}" },
            { "Origin", "http://127.0.0.1:{port}.evil.example" },
            { "Origin", "null" },
            { "Origin", "" },
            { "Origin", "file://" },
            { "Sec-Fetch-Site", "cross-site" },
            { "Sec-Fetch-Site", "same-site" },
            { "Sec-Fetch-Site", "anything" },
        };

    public async ValueTask InitializeAsync()
    {
        _collector = await FakeCollector.StartAsync(Snapshots.Fleet());
        _app = WebApp.Start(_collector.Url);
        _admin = new Browserless(_app);
        await _admin.SignInAsync(WebApp.Admin, WebApp.Password, Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _app.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task Post_FromAnotherOrigin_Is403(string header, string value)
    {
        foreach (
            var (method, path) in new[]
            {
                ("POST", "/sign-out"),
                ("POST", "/users"),
                ("POST", "/no-such-page"),
                ("PUT", "/"),
                ("DELETE", "/account"),
                ("POST", "/_blazor/negotiate"),
                ("GET", "/_blazor?id=x"),
            }
        )
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.TryAddWithoutValidation(header, WithPort(value));

            using var response = await _admin.SendAsync(request, Cancelled);

            Assert.True(response.StatusCode == HttpStatusCode.Forbidden, $"{method} {path}: {response.StatusCode}");
        }
        Assert.Equal(HttpStatusCode.OK, (await _admin.GetAsync("/account", Cancelled)).StatusCode); // still signed in
    }

    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task Circuit_FromAnotherOrigin_Is403(string header, string value)
    {
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync((header, WithPort(value))));

        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Circuit_FromThisPage_IsOpened()
    {
        await ConnectAsync(("Origin", WithPort("http://127.0.0.1:{port}")), ("Sec-Fetch-Site", "same-origin"));
        await ConnectAsync(("Sec-Fetch-Site", "none"));
        await ConnectAsync();
    }

    [Theory]
    [InlineData("https://fleet.example", "fleet.example", HttpStatusCode.BadRequest)]
    [InlineData("https://other.example", "fleet.example", HttpStatusCode.Forbidden)]
    [InlineData("https://fleet.example:8443", "fleet.example", HttpStatusCode.Forbidden)]
    [InlineData("https://fleet.example:8443", "fleet.example:8443", HttpStatusCode.Forbidden)]
    public async Task Post_ThroughAnUnlistedTlsProxy_IsAcceptedByItsHostName(string origin, string host, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, AccountRoutes.SignIn) { Headers = { Host = host } };
        request.Headers.Add("Origin", origin);

        Assert.Equal(status, (await _admin.SendAsync(request, Cancelled)).StatusCode); // 400: the form's token is missing
    }

    [Theory]
    [InlineData("GET", "/", 200)]
    [InlineData("GET", "/no-such-page", 404)]
    [InlineData("GET", "/app.css", 200)]
    [InlineData("GET", "/alive", 200)]
    [InlineData("GET", "/sign-in", 302)]
    [InlineData("POST", "/sign-in", 400)]
    [InlineData("POST", "/users", 403)]
    [InlineData("GET", "/logs/containers/none", 404)]
    [InlineData("DELETE", "/", 405)]
    [InlineData("GET", "/throws", 500)]
    public async Task Responses_OfEveryStatus_CarryTheSecurityHeaders(string method, string path, int status)
    {
        await _app.UntilAsync(view => view.IsCurrent, Cancelled);
        if (status == 500)
        {
            await BreakTheAccountsAsync();
        }
        using var request = new HttpRequestMessage(new HttpMethod(method), path is "/throws" ? "/users" : path);
        if (status == 403)
        {
            request.Headers.Add("Origin", "http://evil.example");
        }

        using var response = await _admin.SendAsync(request, Cancelled);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(SecurityHeaders.ContentSecurityPolicy, Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Cross-Origin-Opener-Policy")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Cross-Origin-Resource-Policy")));
        Assert.False(response.Headers.Contains("Server"));
    }

    private async Task BreakTheAccountsAsync()
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection(
            $"Data Source={Path.Combine(_app.DataPath, "accounts.db")}"
        );
        await connection.OpenAsync(Cancelled);
        await using var command = connection.CreateCommand();
        command.CommandText = "ALTER TABLE AspNetUserRoles RENAME TO Gone";
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private string WithPort(string value) => value.Replace("{port}", $"{_app.Url.Port}", StringComparison.Ordinal);

    private async Task ConnectAsync(params (string Name, string Value)[] headers)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", _admin.Cookies);
        foreach (var (name, value) in headers)
        {
            socket.Options.SetRequestHeader(name, value);
        }
        await socket.ConnectAsync(new UriBuilder(_app.Url) { Scheme = "ws", Path = "/_blazor" }.Uri, Cancelled);
        socket.Abort();
    }
}
