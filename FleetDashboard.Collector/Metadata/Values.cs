using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FleetDashboard.Collector.Metadata;

/// <summary>Parses single values. Each method returns the value, or a phrase that says what was expected.</summary>
internal static class Values
{
    private const int MaxLink = 2048;

    /// <summary>
    /// An http or https address without a password: it becomes a link on a page that every viewer sees.
    /// </summary>
    public static (string? Value, string? Wrong) Link(string text) =>
        text switch
        {
            { Length: > MaxLink } => (null, $"longer than {MaxLink} characters"),
            _ when text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
                    || !Uri.TryCreate(text, UriKind.Absolute, out var uri)
                    || uri.Scheme is not ("http" or "https")
                    || uri.Host.Length == 0 => (null, "expected an address that begins with http:// or https://"),
            _ when new Uri(text).UserInfo.Length > 0 => (
                null,
                "an address with a user or password in it would show them to every viewer; leave them out"
            ),
            _ => (text, null),
        };

    public static (string? Value, string? Wrong) Icon(string text) =>
        text.Length <= 32 && new StringInfo(text).LengthInTextElements <= 3
            ? (text, null)
            : (null, "expected one emoji or up to three characters");

    /// <summary>A relative path that stays inside the build context.</summary>
    public static (string? Value, string? Wrong) Dockerfile(string text) =>
        text.StartsWith('/') || text.Split('/').Contains("..")
            ? (null, "expected a path inside the context, such as docker/Dockerfile")
            : (text, null);

    /// <summary>A share of a limit, written as a percentage. Returns 0.85 for 85.</summary>
    public static (double? Value, string? Wrong) Percent(string text) =>
        double.TryParse(text.TrimEnd('%').TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
        && percent is >= 1 and <= 100
            ? (percent / 100, null)
            : (null, "expected a percentage from 1 to 100, such as 85");

    public static (int? Value, string? Wrong) Samples(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 100
            ? (number, null)
            : (null, "expected a whole number of samples from 1 to 100");

    public static (IPNetwork? Value, string? Wrong) Subnet(string text)
    {
        const string form = "expected a subnet such as 172.31.8.0/24 or fd00:8::/64";
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (
            slash < 0
            || !IPAddress.TryParse(text.AsSpan(0, slash), out var address)
            || (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != text[..slash])
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
        )
        {
            return (null, form);
        }

        var bytes = address.GetAddressBytes();
        if (length > bytes.Length * 8)
        {
            return (null, $"the prefix of this kind of address is at most /{bytes.Length * 8}");
        }

        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        var network = new IPNetwork(new IPAddress(bytes), length);
        return network.BaseAddress.Equals(address)
            ? (network, null)
            : (null, $"that is an address inside a subnet; the subnet itself is {network}");
    }
}
