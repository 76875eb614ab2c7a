using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FleetDashboard.Tests.Support;

/// <summary>
/// A reverse proxy that serves the dashboard under a path. It removes the path from each request and sends it in X-Forwarded-Prefix, or
/// leaves it in. Handles one request per connection, so that it only has to change headers. WebSockets pass through.
/// </summary>
internal sealed class PrefixProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly string _prefix;
    private readonly bool _strips;
    private readonly int _target;
    private readonly Task _accepting;

    public PrefixProxy(Uri target, string prefix, bool strips)
    {
        (_target, _prefix, _strips) = (target.Port, prefix, strips);
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}{prefix}/");
        _accepting = AcceptAsync();
    }

    /// <summary>The address for browsers.</summary>
    public Uri Url { get; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_end.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        using var server = new TcpClient();
        try
        {
            var (from, head, rest) = (client.GetStream(), new List<byte>(), Array.Empty<byte>());
            var buffer = new byte[16 * 1024];
            var end = -1;
            while (end < 0 && await from.ReadAsync(buffer, _end.Token) is var read and > 0)
            {
                head.AddRange(buffer.AsSpan(0, read));
                end = Encoding.Latin1.GetString([.. head]).IndexOf("\r\n\r\n", StringComparison.Ordinal);
            }
            if (end < 0)
            {
                return;
            }
            rest = [.. head.Skip(end)];
            var text = Encoding.Latin1.GetString([.. head.Take(end)]);
            var lines = text.Split("\r\n").ToList();
            var target = lines[0].Split(' ')[1];
            if (!target.StartsWith(_prefix, StringComparison.Ordinal))
            {
                await from.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), _end.Token);
                return;
            }
            if (_strips)
            {
                lines[0] = lines[0].Replace($" {_prefix}", " ", StringComparison.Ordinal);
                lines.Add($"X-Forwarded-Prefix: {_prefix}");
            }
            if (!lines.Exists(line => line.StartsWith("Upgrade:", StringComparison.OrdinalIgnoreCase)))
            {
                lines.RemoveAll(line => line.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase));
                lines.Add("Connection: close");
            }
            await server.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
            var to = server.GetStream();
            await to.WriteAsync(Encoding.Latin1.GetBytes(string.Join("\r\n", lines)), _end.Token);
            await to.WriteAsync(rest, _end.Token);
            await Task.WhenAny(from.CopyToAsync(to, _end.Token), to.CopyToAsync(from, _end.Token));
        }
        catch (Exception ex) when (ex is IOException or SocketException or OperationCanceledException)
        {
            // One of the two has closed.
        }
    }
}
