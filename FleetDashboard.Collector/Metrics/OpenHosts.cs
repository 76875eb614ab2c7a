using System.Net;

namespace FleetDashboard.Collector.Metrics;

/// <summary>
/// The names at which a route without a token may be asked. Any web page that its visitor's browser opens can give its own name the
/// Collector's address (DNS rebinding) and then read what is there. Such a name is one of the public DNS, with a dot in it.
/// </summary>
internal static class OpenHosts
{
    /// <summary>The framework's own setting, with <c>;</c> between names.</summary>
    public const string Setting = "AllowedHosts";

    public static string[] Read(string? setting) =>
        (setting ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static bool Include(HostString host, string[] allowed) =>
        allowed.Any(name => name == "*" || Matches(name, host.Host))
        || !host.Host.Contains('.', StringComparison.Ordinal)
        || IPAddress.TryParse(host.Host, out _);

    private static bool Matches(string name, string host) =>
        name.StartsWith("*.", StringComparison.Ordinal)
            ? host.EndsWith(name[1..], StringComparison.OrdinalIgnoreCase)
            : host.Equals(name, StringComparison.OrdinalIgnoreCase);
}
