using System.Text.RegularExpressions;

namespace FleetDashboard.Web.Auth;

/// <summary>The path under which a reverse proxy serves this page, whether the proxy takes it out of the address or leaves it in.</summary>
internal static partial class PathPrefix
{
    private const string Header = "X-Forwarded-Prefix";
    private const int MaxLength = 128;

    /// <summary>
    /// Whether this is a path of plain segments. It stands in addresses and redirects, where <c>//host</c> would lead to another site.
    /// </summary>
    public static bool IsOne(string text) => text.Length <= MaxLength && Form().IsMatch(text);

    /// <summary>Drops a prefix that is none. A proxy that does not set the header passes the browser's own on.</summary>
    public static void UseWellFormedPrefix(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                var prefixes = context.Request.Headers[Header];
                if (prefixes.Count > 0 && !(prefixes is [{ } prefix] && IsOne(prefix)))
                {
                    context.Request.Headers.Remove(Header);
                }
                return next(context);
            }
        );

    /// <summary>Applies the prefix of the settings, then takes whichever there is out of the path.</summary>
    public static void UsePathPrefix(this IApplicationBuilder app, string? configured) =>
        app.Use(
            (context, next) =>
            {
                var request = context.Request;
                if (!string.IsNullOrEmpty(configured))
                {
                    request.PathBase = configured;
                }
                if (request.PathBase.HasValue && request.Path.StartsWithSegments(request.PathBase, StringComparison.Ordinal, out var rest))
                {
                    request.Path = rest.HasValue ? rest : "/";
                }
                return next(context);
            }
        );

    [GeneratedRegex(@"\A(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+\z")]
    private static partial Regex Form();
}
