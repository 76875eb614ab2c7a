using System.Net.Sockets;

namespace FleetDashboard.Collector.Engine;

/// <summary>HTTP over the engine's socket, or over TCP.</summary>
internal static class EngineHttp
{
    /// <summary>A pool of connections to the engine.</summary>
    public static SocketsHttpHandler CreateHandler(Uri endpoint) =>
        new()
        {
            UseProxy = false,
            UseCookies = false,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            ConnectCallback = endpoint.Scheme == "unix" ? (_, token) => ConnectUnixAsync(endpoint.AbsolutePath, token) : null,
            // A log or event stream that is closed early is cut off, and not read on for the sake of its connection.
            ResponseDrainTimeout = TimeSpan.Zero,
            MaxResponseDrainSize = 0,
        };

    /// <summary>The address that requests begin with.</summary>
    public static Uri AddressOf(Uri endpoint) =>
        endpoint.Scheme == "unix" ? new Uri("http://docker") : new UriBuilder(endpoint) { Scheme = "http" }.Uri;

    private static async ValueTask<Stream> ConnectUnixAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
