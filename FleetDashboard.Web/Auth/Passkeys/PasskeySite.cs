using System.Net;

namespace FleetDashboard.Web.Auth.Passkeys;

/// <summary>
/// Where browsers have passkeys at all: at a name over https, and at localhost. Elsewhere they are not offered, since nothing would come of
/// it.
/// </summary>
internal static class PasskeySite
{
    private const string Local = "localhost";

    public static bool Works(HttpRequest request) => Works(request.Host.Host, request.IsHttps);

    internal static bool Works(string host, bool https) => IsLocal(host) || (https && host.Length > 0 && !IPAddress.TryParse(host, out _));

    private static bool IsLocal(string host) =>
        host.Equals(Local, StringComparison.OrdinalIgnoreCase) || host.EndsWith($".{Local}", StringComparison.OrdinalIgnoreCase);
}
