using Microsoft.AspNetCore.Authentication.Cookies;

namespace FleetDashboard.Web.Auth.Sessions;

/// <summary>
/// The prefix of the cookie's name says how it was set. Over https, browsers accept <c>__Host-</c> only from this exact host and send it
/// only there, so a sibling domain cannot plant a cookie. Under a path prefix <c>__Secure-</c> is used, because <c>__Host-</c> requires the
/// path <c>/</c>, which would send the cookie to every other application on the host. Plain http has no such protection.
/// </summary>
internal sealed class SessionCookieName : ICookieManager
{
    public const string Plain = "fleet";
    public const string Host = "__Host-fleet";
    public const string Secure = "__Secure-fleet";

    private readonly ChunkingCookieManager _inner = new();

    public string? GetRequestCookie(HttpContext context, string key) => _inner.GetRequestCookie(context, NameFor(context));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        _inner.AppendResponseCookie(context, NameFor(context), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) =>
        _inner.DeleteCookie(context, NameFor(context), options);

    private static string NameFor(HttpContext context) =>
        !context.Request.IsHttps ? Plain
        : context.Request.PathBase.HasValue ? Secure
        : Host;
}
