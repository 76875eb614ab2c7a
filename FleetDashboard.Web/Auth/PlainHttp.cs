using System.Net;

namespace FleetDashboard.Web.Auth;

/// <summary>Whether a user signs in over plain http from another machine.</summary>
internal static class PlainHttp
{
    private const string Local = "localhost";

    public static bool IsRisky(HttpContext context) =>
        !context.Request.IsHttps
        && !IsLocal(context.Request.Host.Host)
        && !(context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address));

    // A container port published on loopback sees the bridge's gateway as the browser's address, so the requested host name is checked too.
    private static bool IsLocal(string host) =>
        host.Equals(Local, StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
