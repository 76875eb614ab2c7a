namespace FleetDashboard.Web.Auth;

/// <summary>
/// Where to go after signing in: a path of this page, or its front page. Anything else would make the sign-in page a springboard.
/// </summary>
internal static class LocalUrl
{
    /// <param name="url">Where the browser wanted to go, with the path prefix.</param>
    /// <param name="prefix">The path under which this page is served; mostly none.</param>
    public static string OrHome(string? url, PathString prefix) => IsLocal(url, prefix) ? url! : $"{prefix}/";

    /// <summary>
    /// One slash, then neither a second one nor a backslash (browsers read both as another host), and no control characters.
    /// </summary>
    private static bool IsLocal(string? url, PathString prefix) =>
        url is ['/', ..]
        && !(url.Length > 1 && url[1] is '/' or '\\')
        && !url.Any(char.IsControl)
        && url.StartsWith($"{prefix}/", StringComparison.Ordinal)
        && !url.StartsWith($"{prefix}{AccountRoutes.SignIn}", StringComparison.OrdinalIgnoreCase);
}
