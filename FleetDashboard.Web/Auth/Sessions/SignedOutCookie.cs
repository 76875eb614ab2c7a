namespace FleetDashboard.Web.Auth.Sessions;

/// <summary>
/// Remembers in the browser that its session was ended, so that the next sign-in asks for credentials at the provider. Without it, another
/// tab that noticed the end before the provider had ended its own session went there and was silently signed in again.
/// </summary>
internal static class SignedOutCookie
{
    public const string Cookie = "fleet-signed-out";

    /// <summary>
    /// Long enough for the provider's own session to end. If the cookie outlives that session, the user is asked once more than needed.
    /// </summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private static readonly object SetInThisRequest = new();

    public static void Set(HttpContext context)
    {
        context.Items[SetInThisRequest] = true; // The request that finds its session ended may start a sign-in itself.
        context.Response.Cookies.Append(Cookie, "1", Options(context, Lifetime));
    }

    public static bool IsOn(HttpContext context) =>
        context.Items.ContainsKey(SetInThisRequest) || context.Request.Cookies.ContainsKey(Cookie);

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
