using System.Globalization;
using System.Security.Claims;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Api;

/// <summary>Reads the caller from the token and from nothing else.</summary>
internal static class Callers
{
    public static Caller From(HttpContext context)
    {
        var user = context.User;
        var subject = user.FindFirstValue("sub") ?? "";
        var role =
            user.IsInRole(Roles.Operator) ? Roles.Operator
            : user.IsInRole(Roles.Viewer) ? Roles.Viewer
            : "none";
        return new Caller(
            subject,
            user.FindFirstValue(CollectorToken.NameClaim) is { Length: > 0 } name ? name : subject,
            role,
            Source(context)
        );
    }

    /// <summary>The token's id and its times, for <see cref="UsedTokenIds"/>.</summary>
    public static (string? Id, DateTimeOffset Issued, DateTimeOffset Expires) TokenOf(HttpContext context) =>
        (
            context.User.FindFirstValue("jti"),
            Time(context, "iat") ?? Time(context, "nbf") ?? DateTimeOffset.MinValue,
            Time(context, "exp") ?? DateTimeOffset.MaxValue
        );

    // The user's own address where Web signed it, else the connection's address, which usually is Web's.
    private static string Source(HttpContext context) =>
        context.User.FindFirstValue(CollectorToken.AddressClaim) is { Length: > 0 } signed ? signed : Connection(context);

    public static string Connection(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";

    private static DateTimeOffset? Time(HttpContext context, string claim) =>
        long.TryParse(context.User.FindFirstValue(claim), CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
