using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// What a browser keeps of a former sign-in, so that strangers who guess at an account never make its owner wait. It is signed and opens
/// nothing by itself. A new password of the account makes it worthless.
/// </summary>
internal sealed class KnownBrowser(IDataProtectionProvider protection)
{
    public const string Cookie = "fleet-browser";

    private const char Separator = '|';

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("known-browser").ToTimeLimitedDataProtector();

    /// <summary>Where an attempt at this account comes from: this browser where it is known, else its network.</summary>
    public AttemptPlace PlaceOf(HttpContext context, IdentityUser? user) =>
        user is not null && Read(context) is { } known && known.User == user.Id && known.Stamp == user.SecurityStamp
            ? AttemptPlace.Browser(known.Id)
            : AttemptPlace.Stranger(context.Connection.RemoteIpAddress);

    /// <summary>The browser's own id, whichever account it is known for; null for a stranger.</summary>
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
            return null; // expired, invented, or from before the keys were replaced
        }
    }
}
