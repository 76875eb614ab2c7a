using System.Net.Sockets;

namespace FleetDashboard.Collector.Engine;

/// <summary>A plain client for what goes past the library: over the engine's socket, with connections that are kept.</summary>
internal static class EngineHttp
{
    /// <param name="endpoint">Where the engine listens.</param>
    /// <param name="drain">False closes the connection of an answer that is left unread; else it is read on for a moment, to be used
    /// again.</param>
    public static HttpClient Create(Uri endpoint, bool drain = true)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            ConnectCallback = endpoint.Scheme == "unix" ? (_, token) => ConnectUnixAsync(endpoint.AbsolutePath, token) : null,
        };
        if (!drain)
        {
            handler.ResponseDrainTimeout = TimeSpan.Zero;
            handler.MaxResponseDrainSize = 0;
        }

        return new HttpClient(handler)
        {
            BaseAddress = endpoint.Scheme == "unix" ? new Uri("http://docker") : new UriBuilder(endpoint) { Scheme = "http" }.Uri,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = EngineLimits.ListBytes, // Of answers that are read as a whole.
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
