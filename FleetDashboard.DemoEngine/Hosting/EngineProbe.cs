using System.Net.Sockets;

namespace FleetDashboard.DemoEngine.Hosting;

/// <summary>
/// Checks whether an engine responds, for <c>run.sh</c>: bash cannot talk to a Unix socket, and curl is not installed everywhere.
/// </summary>
internal static class EngineProbe
{
    private static readonly TimeSpan OverduePolicy = TimeSpan.FromSeconds(5);

    public static async Task<ProbeOutcome> ProbeAsync(string endpoint, TimeProvider time)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("unix" or "tcp"))
        {
            return ProbeOutcome.WrongScheme;
        }

        using var handler = new SocketsHttpHandler { UseProxy = false };
        if (uri.Scheme == "unix")
        {
            handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(uri.LocalPath, cancellationToken);
        }

        using var client = new HttpClient(handler)
        {
            BaseAddress = new Uri(uri.Scheme == "unix" ? "http://engine/" : $"http://{uri.Authority}/"),
        };
        using var deadline = new CancellationTokenSource(OverduePolicy, time);
        try
        {
            using var answer = await client.GetAsync(new Uri("_ping", UriKind.Relative), deadline.Token);
            return answer.IsSuccessStatusCode ? ProbeOutcome.Answers : ProbeOutcome.Silent;
        }
        catch (Exception ex) when (ex is HttpRequestException or OperationCanceledException)
        {
            return ex.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied }
                ? ProbeOutcome.NoPermission
                : ProbeOutcome.Silent;
        }
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
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

/// <summary>The exit code of <c>--probe</c>.</summary>
internal enum ProbeOutcome
{
    Answers = 0,
    Silent = 1,
    NoPermission = 2,
    WrongScheme = 3,
}
