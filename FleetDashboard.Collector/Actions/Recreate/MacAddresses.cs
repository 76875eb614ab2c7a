using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>Recognises MAC addresses that an engine generated.</summary>
internal static class MacAddresses
{
    private const byte LocallyAdministered = 0x02;

    /// <summary>
    /// Whether engines before version 28 would generate this address from the IPv4 address: <c>02:42</c> and its four bytes.
    /// </summary>
    public static bool IsDerived(string mac, string? address) =>
        IPAddress.TryParse(address, out var ip)
        && ip.AddressFamily == AddressFamily.InterNetwork
        && Bytes(mac) is { } bytes
        && bytes.AsSpan().SequenceEqual((ReadOnlySpan<byte>)[0x02, 0x42, .. ip.GetAddressBytes()]);

    /// <summary>Whether the address is locally administered, as generated addresses are, and not assigned by a manufacturer.</summary>
    public static bool IsLocal(string mac) => Bytes(mac) is [var first, ..] && (first & LocallyAdministered) != 0;

    private static byte[]? Bytes(string mac)
    {
        var parts = mac.Split(':', '-');
        var bytes = parts
            .Select(part => byte.TryParse(part, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value) ? value : (byte?)null)
            .ToArray();
        return parts.Length == 6 && bytes.All(value => value is not null) ? [.. bytes.Select(value => value!.Value)] : null;
    }
}
