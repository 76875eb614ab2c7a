using System.Net;

namespace FleetDashboard.Collector.Metrics;

/// <summary>
/// The host names at which a route without a token answers. A web page can point its own name at the Collector's address (DNS rebinding),
/// and its visitor's browser would then read the route for it. Such a name is in the public DNS and has a dot.
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
