namespace FleetDashboard.Web.Auth;

/// <summary>Cookies of ours go to this page alone, not to what else the host serves beside its path prefix.</summary>
internal static class CookiePath
{
    public static string From(HttpContext context) => context.Request.PathBase.HasValue ? context.Request.PathBase.Value : "/";
}
