using System.Net;
using System.Net.Sockets;

namespace FleetDashboard.Tests.Support;

/// <summary>A registry that accepts connections and never answers.</summary>
internal sealed class SilentRegistry : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public SilentRegistry()
    {
        _listener.Start();
        Connected = _listener.AcceptTcpClientAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>Completes when the engine connects.</summary>
    public Task<TcpClient> Connected { get; }

    public void Dispose()
    {
        if (Connected.IsCompletedSuccessfully)
        {
            Connected.Result.Dispose();
        }

        _listener.Dispose();
    }
}
