namespace FleetDashboard.Web.Components.Pages.Account;

/// <summary>What a browser calls itself, in two words that its owner knows it by. Only a hint: it may call itself anything.</summary>
internal static class Browsers
{
    // The first that is in it: most name their forebears as well.
    private static readonly (string Mark, string Name)[] Programs =
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
