using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// A signed cookie that identifies a browser that has signed in before, so that an attacker who guesses passwords never makes the account's
/// owner wait. The cookie alone grants no access. Changing the account's password invalidates it.
/// </summary>
internal sealed class KnownBrowser(IDataProtectionProvider protection)
{
    public const string Cookie = "fleet-browser";

    private const char Separator = '|';

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("known-browser").ToTimeLimitedDataProtector();

    /// <summary>
    /// Where an attempt at this account comes from: this browser if it has signed in to the account before, otherwise its network.
    /// </summary>
    public AttemptPlace PlaceOf(HttpContext context, IdentityUser? user) =>
        user is not null && Read(context) is { } known && known.User == user.Id && known.Stamp == user.SecurityStamp
            ? AttemptPlace.Browser(known.Id)
            : AttemptPlace.Network(context.Connection.RemoteIpAddress);

    /// <summary>The browser's id, for whichever account it has signed in to. Null for an unknown browser.</summary>
    public string? IdOf(HttpContext context) => Read(context)?.Id;

    public void Remember(HttpContext context, IdentityUser user)
    {
        var id = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        context.Response.Cookies.Append(
            Cookie,
            _protector.Protect(string.Join(Separator, user.Id, user.SecurityStamp, id), Lifetime),
            new CookieOptions
            {
                HttpOnly = true,
                IsEssential = true,
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
                MaxAge = Lifetime,
                Path = CookiePath.From(context),
            }
        );
    }

    private (string User, string Stamp, string Id)? Read(HttpContext context)
    {
        try
        {
            return
                context.Request.Cookies[Cookie] is { Length: > 0 } text
                && _protector.Unprotect(text).Split(Separator) is [var user, var stamp, var id]
                ? (user, stamp, id)
                : null;
        }
        catch (CryptographicException)
        {
            return null; // expired, forged, or protected with keys that were replaced
        }
    }
}
