using System.Globalization;
using System.Net.Sockets;

namespace FleetDashboard.Tests.Support;

/// <summary>What the engine's process has open, according to the kernel.</summary>
internal static class EngineProcess
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <summary>How often it has a container's log open: once for writing, and once for each reader.</summary>
    public static int OpenLogs(Uri engine, string containerId) =>
        Directory
            .GetFiles($"/proc/{Id(engine)}/fd")
            .Count(descriptor =>
                new FileInfo(descriptor).LinkTarget is { } target
                && target.Contains(containerId, StringComparison.Ordinal)
                && target.Contains("-json.log", StringComparison.Ordinal)
            );

    // The process at the other end (unix(7), SO_PEERCRED): process id, user, group.
    private static string Id(Uri engine)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(engine.LocalPath));
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials);
        return BitConverter.ToInt32(credentials).ToString(CultureInfo.InvariantCulture);
    }
}
