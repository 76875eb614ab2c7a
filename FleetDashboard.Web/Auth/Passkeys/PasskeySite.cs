using System.Net;

namespace FleetDashboard.Web.Auth.Passkeys;

/// <summary>
/// Browsers support passkeys only for a host name over https, and at localhost. Elsewhere the dashboard does not offer them.
/// </summary>
internal static class PasskeySite
{
    private const string Local = "localhost";

    public static bool Works(HttpRequest request) => Works(request.Host.Host, request.IsHttps);

    internal static bool Works(string host, bool https) => IsLocal(host) || (https && host.Length > 0 && !IPAddress.TryParse(host, out _));

    private static bool IsLocal(string host) =>
        host.Equals(Local, StringComparison.OrdinalIgnoreCase) || host.EndsWith($".{Local}", StringComparison.OrdinalIgnoreCase);
}
