using System.Net.Sockets;

namespace FleetDashboard.DemoEngine.Hosting;

/// <summary>Makes room for the socket: a file left behind by a run that was killed goes, a socket that is in use stays.</summary>
internal static class DemoSocket
{
    public static async Task MakeRoomAsync(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            return;
        }

        if (file.Length > 0)
        {
            // A socket has no length. Whatever this is, it is somebody's.
            throw new SocketTakenException($"{path} is a file and not a socket. Choose another Demo:SocketPath.");
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await probe.ConnectAsync(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException ex) when (ex.SocketErrorCode == SocketError.ConnectionRefused)
        {
            file.Delete();
            return;
        }

        throw new SocketTakenException($"{path} is in use by another program. Stop it, or choose another Demo:SocketPath.");
    }
}

internal sealed class SocketTakenException(string message) : Exception(message);
