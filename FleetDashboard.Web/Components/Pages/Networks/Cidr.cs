using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FleetDashboard.Web.Components.Pages.Networks;

/// <summary>An IPv4 or IPv6 range as numbers, so that order, overlap and size are arithmetic. Host bits are dropped.</summary>
public readonly record struct Cidr(bool V6, UInt128 First, int Prefix)
{
    public int Bits => V6 ? 128 : 32;
    public UInt128 Last => First + (SizeMinusOne(Bits - Prefix));

    /// <summary>
    /// The number of addresses that a host can have. Excludes the first and last address of an IPv4 range, unless the range has only one or
    /// two.
    /// </summary>
    public UInt128 Usable =>
        !V6 && Prefix <= 30 ? Last - First - 1
        : Last - First == UInt128.MaxValue ? UInt128.MaxValue
        : Last - First + 1;

    public static bool TryParse(string? text, out Cidr cidr)
    {
        cidr = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (
            slash < 0
            || !TryAddress(text![..slash], out var v6, out var address)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)
            || prefix > (v6 ? 128 : 32)
        )
        {
            return false;
        }
        cidr = new Cidr(v6, address & ~SizeMinusOne((v6 ? 128 : 32) - prefix), prefix);
        return true;
    }

    /// <summary>Parses an address, with or without a prefix length.</summary>
    public static bool TryAddress(string? text, out bool v6, out UInt128 value)
    {
        (v6, value) = (false, default);
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (!IPAddress.TryParse(slash < 0 ? text : text![..slash], out var address))
        {
            return false;
        }
        v6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        foreach (var part in address.GetAddressBytes())
        {
            value = (value << 8) | part;
        }
        return true;
    }

    public bool Contains(bool v6, UInt128 address) => V6 == v6 && address >= First && address <= Last;

    public bool Overlaps(Cidr other) => V6 == other.V6 && First <= other.Last && other.First <= Last;

    /// <summary>Sort key: IPv4 first, then by address, larger ranges first.</summary>
    public (bool V6, UInt128 First, int Prefix) Order => (V6, First, Prefix);

    /// <summary>The part of an address that distinguishes it within this range: <c>.12</c>, <c>.3.12</c>, <c>::5</c>.</summary>
    public string Tail(string address)
    {
        if (V6)
        {
            return TryAddress(address, out _, out var value) ? $"::{value - First:x}" : address;
        }
        var parts = address.Split('/')[0].Split('.');
        return parts.Length == 4 ? "." + string.Join('.', parts[Math.Clamp(Prefix / 8, 0, 3)..]) : address;
    }

    public override string ToString() => $"{AddressOf(First)}/{Prefix}";

    private string AddressOf(UInt128 value)
    {
        var bytes = new byte[Bits / 8];
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            (bytes[i], value) = ((byte)(value & 0xff), value >> 8);
        }
        return new IPAddress(bytes).ToString();
    }

    private static UInt128 SizeMinusOne(int hostBits) => hostBits >= 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1;
}
