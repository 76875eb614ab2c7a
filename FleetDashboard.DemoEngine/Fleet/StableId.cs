using System.Security.Cryptography;
using System.Text;

namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>Ids that look like the engine's and are the same in every run.</summary>
internal static class StableId
{
    public static string Create(int seed, string name) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {name}")));

    /// <summary>Derives the last four bytes of the MAC address from the IP address, as the engine does.</summary>
    public static string MacOf(string address)
    {
        Span<byte> bytes = stackalloc byte[4];
        return System.Net.IPAddress.TryParse(address, out var ip) && ip.TryWriteBytes(bytes, out _)
            ? $"02:42:{bytes[0]:x2}:{bytes[1]:x2}:{bytes[2]:x2}:{bytes[3]:x2}"
            : "";
    }
}
