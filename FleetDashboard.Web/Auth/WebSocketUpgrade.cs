using Microsoft.AspNetCore.Http.Features;

namespace FleetDashboard.Web.Auth;

/// <summary>Whether a request asks to become a WebSocket, by an HTTP/1.1 upgrade or an HTTP/2 extended CONNECT.</summary>
internal static class WebSocketUpgrade
{
    public static bool IsRequested(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
}
