namespace FleetDashboard.Web.Auth.Sessions;

/// <summary>
/// What a browser remembers of having been signed out: the next sign-in asks at the provider. Without it another tab that noticed the end
/// before
/// the provider had ended its own session went there by itself and was silently signed in again.
/// </summary>
internal static class SignedOutCookie
{
    public const string Cookie = "fleet-signed-out";

    /// <summary>Who was signed out yesterday is a stranger to the provider too, or is asked once more than needed.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private static readonly object Now = new();

    public static void Set(HttpContext context)
    {
        context.Items[Now] = true; // the request that finds its session ended asks in the same breath
        context.Response.Cookies.Append(Cookie, "1", Options(context, Lifetime));
    }

    public static bool IsOn(HttpContext context) => context.Items.ContainsKey(Now) || context.Request.Cookies.ContainsKey(Cookie);

    public static void Clear(HttpContext context) => context.Response.Cookies.Delete(Cookie, Options(context, null));

    private static CookieOptions Options(HttpContext context, TimeSpan? lifetime) =>
        new()
        {
            HttpOnly = true,
            IsEssential = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
            MaxAge = lifetime,
            Path = CookiePath.From(context),
        };
}
