namespace FleetDashboard.Web.Components.Pages.Ports;

/// <summary>From where a published port can be reached.</summary>
public enum Reach
{
    All,
    Loopback,
    One,
}

/// <summary>The host address that a port is published on, as the engine writes it.</summary>
internal static class HostAddress
{
    public const string AllV4 = "0.0.0.0";
    public const string AllV6 = "::";

    public static Reach ReachOf(string address) =>
        address switch
        {
            "" or AllV4 or AllV6 => Reach.All,
            "::1" => Reach.Loopback,
            _ when address.StartsWith("127.", StringComparison.Ordinal) => Reach.Loopback,
            _ => Reach.One,
        };

    /// <summary>
    /// Whether two sockets with the same port would conflict: both on the same address, or one on all addresses of the same family.
    /// </summary>
    public static bool Overlap(string one, string other)
    {
        var (a, b) = (one.Length == 0 ? AllV4 : one, other.Length == 0 ? AllV4 : other);
        return a == b || (IsV6(a) == IsV6(b) && (a is AllV4 or AllV6 || b is AllV4 or AllV6));
    }

    public static bool IsV6(string address) => address.Contains(':', StringComparison.Ordinal);
}
