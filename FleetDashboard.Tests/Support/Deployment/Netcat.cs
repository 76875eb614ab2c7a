using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FleetDashboard.Tests.Support.Deployment;

/// <summary>
/// Makes an address that a container on the engine sees available to this process and its browser, which may be outside the engine's
/// network: each connection becomes a netcat in that container.
/// </summary>
internal sealed class Netcat : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly Func<ProcessStartInfo> _netcat;
    private readonly Func<Task> _close;
    private readonly Task _accepting;

    /// <param name="netcat">Starts one connection, on its standard streams.</param>
    /// <param name="close">Runs at the end.</param>
    public Netcat(Func<ProcessStartInfo> netcat, Func<Task> close)
    {
        (_netcat, _close) = (netcat, close);
        _listener.Start();
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"));
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _closing.Dispose();
        await _close();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(PassAsync(await _listener.AcceptTcpClientAsync(_closing.Token)));
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var connection = client;
        using var process = Process.Start(_netcat())!;
        try
        {
            var stream = connection.GetStream();
            var there = stream.CopyToAsync(process.StandardInput.BaseStream, _closing.Token);
            var back = process.StandardOutput.BaseStream.CopyToAsync(stream, _closing.Token);
            await await Task.WhenAny(there, back);
        }
        catch (Exception end) when (end is IOException or OperationCanceledException)
        {
            // Either side has closed, or the test is over.
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
