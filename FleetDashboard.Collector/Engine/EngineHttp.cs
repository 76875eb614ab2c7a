using System.Net.Sockets;

namespace FleetDashboard.Collector.Engine;

/// <summary>A plain client for what goes past the library: over the engine's socket, with connections that are kept.</summary>
internal static class EngineHttp
{
    public static HttpClient Create(Uri endpoint)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            ConnectCallback = endpoint.Scheme == "unix" ? (_, token) => ConnectUnixAsync(endpoint.AbsolutePath, token) : null,
        };
        return new HttpClient(handler)
        {
            BaseAddress = endpoint.Scheme == "unix" ? new Uri("http://docker") : new UriBuilder(endpoint) { Scheme = "http" }.Uri,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

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
