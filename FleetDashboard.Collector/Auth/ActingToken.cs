using System.Net;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Http.Features;

namespace FleetDashboard.Collector.Auth;

/// <summary>
/// What a token must state to run an action: its purpose, one method, one path and one Collector. A stolen token is therefore useless
/// elsewhere, and a read-only token never runs an action.
/// </summary>
internal static class ActingToken
{
    private const string AudienceType = "aud";
    private const string Localhost = "localhost";

    /// <summary>Why the request's token may not run this action, as a sentence that says what to do. Null if it may.</summary>
    public static string? Objection(HttpContext context, AuthOptions options)
    {
        var user = context.User;
        if (!(user.FindFirst(CollectorToken.ScopeClaim)?.Value ?? "").Split(' ').Contains(CollectorToken.ActScope, StringComparer.Ordinal))
        {
            return $"This token is read-only. A token that runs an action must state "
                + $"{CollectorToken.ScopeClaim}={CollectorToken.ActScope}, "
                + $"{CollectorToken.MethodClaim}, {CollectorToken.PathClaim} and the audience {CollectorToken.Audience}:HOST:PORT.";
        }

        var (method, path) = (user.FindFirst(CollectorToken.MethodClaim)?.Value, user.FindFirst(CollectorToken.PathClaim)?.Value);
        if (
            !string.Equals(method, context.Request.Method, StringComparison.Ordinal)
            || !string.Equals(path, PathOf(context), StringComparison.Ordinal)
        )
        {
            return $"This token is for {method ?? "no method"} {path ?? "no path"} but not for this request. "
                + $"Set {CollectorToken.MethodClaim} and {CollectorToken.PathClaim} to the request's method and path.";
        }

        var named = user.FindAll(AudienceType).Select(claim => CollectorToken.AddressOf(claim.Value)).OfType<string>().ToList();
        return named.Any(address => IsOurs(address, context.Connection, options)) ? null
            : named is [var other, ..]
                ? $"This token is for the Collector at '{other}'. If that is this Collector, "
                    + $"set its Auth:Audience (Auth__Audience) to {other}."
            : $"This token names no Collector. Add the audience {CollectorToken.Audience}:HOST:PORT with the address at which this "
                + "Collector is reached.";
    }

    // The raw path as sent: the server decodes paths, after which two different paths may be equal.
    private static string PathOf(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!target.StartsWith('/'))
        {
            return Uri.TryCreate(target, UriKind.Absolute, out var whole) ? whole.AbsolutePath : target;
        }

        var query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target[..query];
    }

    private static bool IsOurs(string address, ConnectionInfo connection, AuthOptions options)
    {
        if (!Uri.TryCreate($"http://{address}", UriKind.Absolute, out var named))
        {
            return false;
        }

        if (options.Audiences.Any())
        {
            return options.Audiences.Any(ours =>
                ours.Equals(address, StringComparison.OrdinalIgnoreCase) || ours.Equals(named.Host, StringComparison.OrdinalIgnoreCase)
            );
        }

        // Do not use request headers: an attacker who replays a token can choose them, but not the local end of the connection.
        return connection.LocalIpAddress is { } local
            && named.Port == connection.LocalPort
            && (
                named.Host == Localhost
                    ? IPAddress.IsLoopback(Plain(local))
                    : IPAddress.TryParse(named.Host, out var ip) && Plain(ip).Equals(Plain(local))
            );
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
