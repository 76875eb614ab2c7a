namespace FleetDashboard.Web.Auth;

/// <summary>Where to go after signing in: a path of this site, or its front page. Anything else would make the sign-in page a springboard.</summary>
internal static class LocalUrl
{
    public static string OrHome(string? url) => IsLocal(url) ? url! : "/";

    /// <summary>One slash, then neither a second one nor a backslash (browsers read both as another host), and no control characters.</summary>
    private static bool IsLocal(string? url) =>
        url is ['/', ..] && !(url.Length > 1 && url[1] is '/' or '\\') && !url.Any(char.IsControl)
        && !url.StartsWith(AccountRoutes.SignIn, StringComparison.OrdinalIgnoreCase);
}
