using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace FleetDashboard.Collector.Metadata;

/// <summary>A port of the host that an app is expected to serve.</summary>
/// <param name="Address">The address it is expected on; null for any.</param>
/// <param name="Port">The host's port.</param>
/// <param name="Protocol">tcp, udp or sctp.</param>
/// <param name="Line">The line in the file.</param>
internal sealed partial record ExpectedPort(string? Address, int Port, string Protocol, int Line)
{
    private const int MaxRange = 100;
    private const string Forms = "expected a port of the host such as 18080, 18080/udp, 127.0.0.1:18081/tcp, [::1]:18081 or 18080-18083";

    public override string ToString() =>
        $"{(Address is null ? "" : Address.Contains(':', StringComparison.Ordinal) ? $"[{Address}]:" : Address + ":")}{Port}/{Protocol}";

    /// <summary>Parses a port or a range. Returns the ports, or a phrase that says what is wrong.</summary>
    public static (ExpectedPort[]? Ports, string? Wrong) Read(string text, int line)
    {
        var match = Form().Match(text);
        if (!match.Success)
        {
            return (null, Forms);
        }

        var first = Number(match.Groups["first"].Value);
        var last = match.Groups["last"].Success ? Number(match.Groups["last"].Value) : first;
        var protocol = match.Groups["protocol"].Success ? match.Groups["protocol"].Value.ToLowerInvariant() : "tcp";
        var address = match.Groups["address"].Success ? HostAddress(match.Groups["address"].Value) : null;
        var wrong =
            first is 0 or > ushort.MaxValue || last is 0 or > ushort.MaxValue ? "a port is between 1 and 65535"
            : last < first ? "the range ends before it begins"
            : last - first >= MaxRange ? $"the range has {last - first + 1} ports, and at most {MaxRange} may be expected at once"
            : protocol is not ("tcp" or "udp" or "sctp") ? "the protocol is tcp, udp or sctp"
            : match.Groups["address"].Success && address is null
                ? "what stands before the ':' must be an address of the host; give only the host's port, not the container's"
            : null;
        return wrong is null
            ? ([.. Enumerable.Range(first, last - first + 1).Select(port => new ExpectedPort(address, port, protocol, line))], null)
            : (null, wrong);
    }

    private static int Number(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    // The address in the form that Docker reports. IPAddress.TryParse alone accepts "18080" as an address.
    private static string? HostAddress(string text)
    {
        var bare = text.Trim('[', ']');
        return
            IPAddress.TryParse(bare, out var address)
            && (address.AddressFamily == AddressFamily.InterNetworkV6 ? text[0] == '[' : address.ToString() == bare)
            ? address.ToString()
            : null;
    }

    [GeneratedRegex(
        @"^(?:(?<address>\[[0-9A-Fa-f:.]+\]|[^:\[\]\s]+):)?(?<first>[0-9]{1,9})(?:-(?<last>[0-9]{1,9}))?(?:/(?<protocol>[A-Za-z]+))?\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Form();
}
