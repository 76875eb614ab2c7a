using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;

namespace FleetDashboard.Web.Auth.Sessions;

/// <summary>The session id in the cookie: 128 random bits.</summary>
internal static class SessionClaim
{
    public const string Type = "fleet-session";

    private const int Bytes = 16;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The key of the session's row, or null for a cookie from a version without sessions.</summary>
    public static string? KeyOf(ClaimsPrincipal principal) => principal.FindFirstValue(Type) is { } id ? KeyOf(id) : null;

    public static string KeyOf(string id) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
}
