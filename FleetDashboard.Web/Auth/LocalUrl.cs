namespace FleetDashboard.Web.Auth;

/// <summary>
/// Where to go after signing in: a path of the dashboard, or its front page. Any other target would make the sign-in page an open redirect.
/// </summary>
internal static class LocalUrl
{
    /// <param name="url">Where the browser wanted to go, including the path prefix.</param>
    /// <param name="prefix">The path under which a proxy serves the dashboard. Usually empty.</param>
    public static string OrHome(string? url, PathString prefix) => IsLocal(url, prefix) ? url! : $"{prefix}/";

    /// <summary>
    /// One slash, then neither a second slash nor a backslash (browsers read both as another host), and no control characters.
    /// </summary>
    private static bool IsLocal(string? url, PathString prefix) =>
        url is ['/', ..]
        && !(url.Length > 1 && url[1] is '/' or '\\')
        && !url.Any(char.IsControl)
        && url.StartsWith($"{prefix}/", StringComparison.Ordinal)
        && !url.StartsWith($"{prefix}{AccountRoutes.SignIn}", StringComparison.OrdinalIgnoreCase);
}
