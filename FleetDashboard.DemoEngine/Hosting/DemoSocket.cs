using System.Net.Sockets;

namespace FleetDashboard.DemoEngine.Hosting;

/// <summary>Prepares the socket path: deletes a socket left by a killed run, and keeps a socket that is in use.</summary>
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
            // A socket has no length, so this is someone's file.
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
