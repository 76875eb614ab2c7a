using System.Net;
using System.Net.Sockets;

namespace FleetDashboard.Tests.Support;

/// <summary>An unused loopback port, for a program that needs a fixed one.</summary>
internal static class UnusedPort
{
    public static int Find()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }
}
