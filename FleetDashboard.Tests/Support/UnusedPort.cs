using System.Net;
using System.Net.Sockets;

namespace FleetDashboard.Tests.Support;

/// <summary>A port of loopback that nobody listens on, for a program that has to be told one.</summary>
internal static class UnusedPort
{
    public static int Find()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }
}
