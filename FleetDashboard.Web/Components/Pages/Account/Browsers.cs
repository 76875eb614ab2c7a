namespace FleetDashboard.Web.Components.Pages.Account;

/// <summary>A short name for a browser, from its User-Agent header. Only a hint, because a browser can send any text.</summary>
internal static class Browsers
{
    // The first match wins: most browsers also name the browsers they descend from.
    private static readonly (string Token, string Name)[] Programs =
    [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];

    public static string Name(string? agent)
    {
        var (program, system) = (Find(Programs, agent), Find(Systems, agent));
        return (program, system) switch
        {
            (null, null) => "unknown",
            (null, _) => system,
            (_, null) => program,
            _ => $"{program} on {system}",
        };
    }

    private static string? Find((string Mark, string Name)[] known, string? agent) =>
        agent is null ? null : known.FirstOrDefault(entry => agent.Contains(entry.Mark, StringComparison.Ordinal)).Name;
}
