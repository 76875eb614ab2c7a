using System.Net;
using System.Net.Sockets;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// The network that a browser comes from: an IPv4 address, or the first 64 bits of an IPv6 address, because a device changes the other half
/// by itself (privacy addresses). All loopback addresses are one network: a browser on the same machine changes between them.
/// </summary>
internal static class ClientNetwork
{
    private const int IPv6NetworkBytes = 8;
    private const string Loopback = "loopback";

    public static string Of(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(plain) ? Loopback
            : plain.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(plain.GetAddressBytes().AsSpan(0, IPv6NetworkBytes))
            : plain.ToString();
    }

    /// <summary>The same of an address that was written down.</summary>
    public static string Of(string? address) => Of(IPAddress.TryParse(address, out var parsed) ? parsed : null);
}
