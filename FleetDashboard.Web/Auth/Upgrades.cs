using Microsoft.AspNetCore.Http.Features;

namespace FleetDashboard.Web.Auth;

/// <summary>Whether a request asks to become a WebSocket, by HTTP/1.1's upgrade or by HTTP/2's extended CONNECT.</summary>
internal static class Upgrades
{
    public static bool IsOne(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
}
