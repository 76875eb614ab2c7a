using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Auth;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>Untrusted requests cost both programs little, because they are limited before any code reads them.</summary>
public sealed class RequestLimitTests : IAsyncLifetime
{
    private const int Megabyte = 1024 * 1024;

    private static readonly Uri NoEngine = new("unix:///nowhere/docker.sock");

    private FakeCollector _collector = default!;
    private WebApp _app = default!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _collector = await FakeCollector.StartAsync(Snapshots.Fleet());
        _app = WebApp.Start(_collector.Url, [new("Limits:CircuitsPerUser", "3"), new("Limits:Circuits", "4")]);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Theory]
    [InlineData("/sign-in", Megabyte)]
    [InlineData("/passkeys/request", 65 * 1024)]
    [InlineData("/sign-out/back-channel", 29 * Megabyte)]
    [InlineData("/status/404", Megabyte)]
    [InlineData("/no-such-page", Megabyte)]
    [InlineData("/", Megabyte)]
    public async Task Form_TooLarge_Is413BeforeItIsRead(string path, int length)
    {
        // Only the headers are sent. A response proves that the server did not wait for the body.
        using var socket = await ConnectAsync(_app.Url);

        await socket.SendAsync(Head(path, length), Cancelled);

        Assert.Contains(" 413 ", await FirstLineAsync(socket), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_WithoutALength_IsCutOff()
    {
        using var http = new HttpClient { BaseAddress = _app.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, AccountRoutes.SignIn)
        {
            Content = new StreamContent(new MemoryStream(new byte[Megabyte])),
        };
        request.Content.Headers.ContentType = new("application/x-www-form-urlencoded");
        request.Headers.TransferEncodingChunked = true;

        var refused = await Record.ExceptionAsync(async () =>
            Assert.InRange((int)(await http.SendAsync(request, Cancelled)).StatusCode, 400, 499)
        );

        Assert.True(refused is null or HttpRequestException, refused?.ToString());
    }

    [Theory]
    [InlineData("GET", CollectorRoutes.Fleet)]
    [InlineData("POST", "/api/v1/apps/shop/restart")]
    [InlineData("POST", CollectorRoutes.AuditAccounts)]
    [InlineData("POST", CollectorRoutes.Metrics)]
    [InlineData("PUT", "/anything")]
    public async Task Collector_AnyBody_Is413(string method, string path)
    {
        await using var collector = await CollectorHost.StartAsync(NoEngine, Cancelled);
        using var socket = await ConnectAsync(collector.Address);

        await socket.SendAsync(Head(path, 5000, method), Cancelled);

        Assert.Contains(" 413 ", await FirstLineAsync(socket), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Collector_StreamsOfOneSubject_AreLimitedAndReleased()
    {
        await using var collector = await CollectorHost.StartAsync(
            NoEngine,
            Cancelled,
            "--Limits:StreamsPerSubject=2",
            "--Limits:Streams=3"
        );
        using var http = new HttpClient { BaseAddress = collector.Address };
        using var first = await OpenAsync("ann");
        using var second = await OpenAsync("ann");
        using var third = await OpenAsync("ann");
        using var others = await OpenAsync("bob");
        using var last = await OpenAsync("carl");
        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.OK, HttpStatusCode.TooManyRequests],
            new[] { first, second, third, others, last }.Select(answer => answer.StatusCode)
        );

        first.Dispose();

        await Eventually.GetAsync(
            async _ =>
            {
                using var again = await OpenAsync("ann");
                return again.StatusCode;
            },
            status => status == HttpStatusCode.OK
        );

        Task<HttpResponseMessage> OpenAsync(string user)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, CollectorRoutes.FleetStream);
            request.Headers.Authorization = new("Bearer", CollectorHost.Token(user: user));
            return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        }
    }

    [Fact]
    public async Task Circuits_OfOneUser_AreLimited()
    {
        using var visitor = new Browserless(_app);
        await visitor.SignInAsync(WebApp.Admin, WebApp.Password, Cancelled);
        var sockets = new List<ClientWebSocket>();
        for (var i = 0; i < 6; i++)
        {
            sockets.Add(await SocketAsync(visitor)); // two connections for each of three pages
        }

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => SocketAsync(visitor));

        Assert.Contains("429", refused.Message, StringComparison.Ordinal);
        sockets[0].Abort();
        await Eventually.GetAsync(
            async _ => await Record.ExceptionAsync(async () => sockets.Add(await SocketAsync(visitor))),
            fault => fault is null
        );
        sockets.ForEach(socket => socket.Dispose());
    }

    private async Task<ClientWebSocket> SocketAsync(Browserless visitor)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", visitor.Cookies);
        await socket.ConnectAsync(new UriBuilder(_app.Url) { Scheme = "ws", Path = "/_blazor" }.Uri, Cancelled);
        return socket;
    }

    internal static async Task<Socket> ConnectAsync(Uri address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, address.Port, Cancelled);
        return socket;
    }

    internal static byte[] Head(string path, int length, string method = "POST") =>
        Encoding.ASCII.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: localhost\r\n"
                + $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n"
        );

    private static async Task<string> FirstLineAsync(Socket socket)
    {
        var buffer = new byte[256];
        var read = await socket.ReceiveAsync(buffer, Cancelled);
        return Encoding.ASCII.GetString(buffer, 0, read).Split('\r')[0];
    }
}
