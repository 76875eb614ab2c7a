namespace FleetDashboard.Web.Auth;

/// <summary>Limits our cookies to the dashboard's path prefix, so other applications on the same host do not receive them.</summary>
internal static class CookiePath
{
    public static string From(HttpContext context) => context.Request.PathBase.HasValue ? context.Request.PathBase.Value : "/";
}
