using System.Text.RegularExpressions;

namespace FleetDashboard.Web.Auth;

/// <summary>The path under which a reverse proxy serves the dashboard, whether or not the proxy strips it from the address.</summary>
internal static partial class PathPrefix
{
    private const string Header = "X-Forwarded-Prefix";
    private const int MaxLength = 128;

    /// <summary>
    /// Whether this is a path of plain segments. It is written into links and redirects, where <c>//host</c> would lead to another site.
    /// </summary>
    public static bool IsValid(string text) => text.Length <= MaxLength && Form().IsMatch(text);

    /// <summary>Drops a malformed prefix. A proxy that does not set the header passes the browser's own value on.</summary>
    public static void UseWellFormedPrefix(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                var prefixes = context.Request.Headers[Header];
                if (prefixes.Count > 0 && !(prefixes is [{ } prefix] && IsValid(prefix)))
                {
                    context.Request.Headers.Remove(Header);
                }
                return next(context);
            }
        );

    /// <summary>Applies the configured prefix, if any, then removes the prefix in effect from the path.</summary>
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
