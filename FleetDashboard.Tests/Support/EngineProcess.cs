using System.Globalization;
using System.Net.Sockets;

namespace FleetDashboard.Tests.Support;

/// <summary>What the engine's own process holds open, as the kernel tells it.</summary>
internal static class EngineProcess
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <summary>How often it has a container's log open: once to write it, once for each that reads it.</summary>
    public static int OpenLogs(Uri engine, string containerId) =>
        Directory
            .GetFiles($"/proc/{Id(engine)}/fd")
            .Count(descriptor =>
                new FileInfo(descriptor).LinkTarget is { } target
                && target.Contains(containerId, StringComparison.Ordinal)
                && target.Contains("-json.log", StringComparison.Ordinal)
            );

    // Who listens at the other end (unix(7), SO_PEERCRED): process, user, group.
    private static string Id(Uri engine)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(engine.LocalPath));
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials);
        return BitConverter.ToInt32(credentials).ToString(CultureInfo.InvariantCulture);
    }
}
