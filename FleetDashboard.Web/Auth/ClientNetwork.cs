using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// The network that a browser comes from: an IPv4 address, or the first 64 bits of an IPv6 address, because a device changes the other half
/// by itself (privacy addresses). All loopback addresses count as one network, because a browser on this machine switches between them. All
/// gateways of this machine count as one network too: for a container, every browser on the host comes from the bridge's gateway, and that
/// address changes when the Docker network is recreated.
/// </summary>
internal static class ClientNetwork
{
    private const int IPv6NetworkBytes = 8;
    private const string Loopback = "loopback";
    private const string Gateway = "gateway";

    private static readonly Lazy<HashSet<IPAddress>> Gateways = new(ReadGateways);

    public static string From(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(plain) ? Loopback
            : Gateways.Value.Contains(plain) ? Gateway
            : plain.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(plain.GetAddressBytes().AsSpan(0, IPv6NetworkBytes))
            : plain.ToString();
    }

    private static HashSet<IPAddress> ReadGateways()
    {
        try
        {
            return
            [
                .. NetworkInterface
                    .GetAllNetworkInterfaces()
                    .SelectMany(one => one.GetIPProperties().GatewayAddresses)
                    .Select(gateway => gateway.Address),
            ];
        }
        catch (Exception unknown)
            when (unknown is NetworkInformationException or PlatformNotSupportedException or IOException or UnauthorizedAccessException)
        {
            return []; // The gateway then counts as an ordinary address.
        }
    }

    /// <summary>The network of an address in text form.</summary>
    public static string From(string? address) => From(IPAddress.TryParse(address, out var parsed) ? parsed : null);
}
