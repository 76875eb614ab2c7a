using System.Net;
using FleetDashboard.Contracts;
using Microsoft.AspNetCore.Http.Features;

namespace FleetDashboard.Collector.Auth;

/// <summary>
/// What a token must state before it acts: its purpose, one method, one path and one Collector. Then a token that was stolen on its way
/// acts nowhere else, and a token for reading never acts.
/// </summary>
internal static class ActingToken
{
    private const string AudienceType = "aud";
    private const string Localhost = "localhost";

    /// <summary>Why the token of this request may not act here, as a sentence that says what to do; null when it may.</summary>
    public static string? Objection(HttpContext context, AuthOptions options)
    {
        var user = context.User;
        if (!(user.FindFirst(CollectorToken.ScopeClaim)?.Value ?? "").Split(' ').Contains(CollectorToken.ActScope, StringComparer.Ordinal))
        {
            return $"This token may only read. A token that acts must state {CollectorToken.ScopeClaim}={CollectorToken.ActScope}, "
                + $"{CollectorToken.MethodClaim}, {CollectorToken.PathClaim} and the audience {CollectorToken.Audience}:HOST:PORT.";
        }

        var (method, path) = (user.FindFirst(CollectorToken.MethodClaim)?.Value, user.FindFirst(CollectorToken.PathClaim)?.Value);
        if (
            !string.Equals(method, context.Request.Method, StringComparison.Ordinal)
            || !string.Equals(path, PathOf(context), StringComparison.Ordinal)
        )
        {
            return $"This token is for {method ?? "no method"} {path ?? "no path"} and not for this request. "
                + $"Set {CollectorToken.MethodClaim} and {CollectorToken.PathClaim} to the method and path that are sent.";
        }

        var named = user.FindAll(AudienceType).Select(claim => CollectorToken.AddressOf(claim.Value)).OfType<string>().ToList();
        return named.Any(address => IsOurs(address, context.Connection, options)) ? null
            : named is [var other, ..]
                ? $"This token is for the Collector at '{other}'. If that is this Collector, set its Auth:Audience (Auth__Audience) to {other}."
            : $"This token names no Collector. Add the audience {CollectorToken.Audience}:HOST:PORT with the address at which this "
                + "Collector is reached.";
    }

    // As it was sent: the server decodes a path, and two paths can be one after that.
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

        // Nothing that the request says counts here: who replays a token chooses its headers. The connection's own end cannot be chosen.
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
