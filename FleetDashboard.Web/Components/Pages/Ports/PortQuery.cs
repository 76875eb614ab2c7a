using System.Globalization;

namespace FleetDashboard.Web.Components.Pages.Ports;

/// <summary>
/// The ports that the address asks for: <c>?q=web&amp;reach=all&amp;protocol=udp&amp;app=billing&amp;show=conflicts</c>. A search term like
/// <c>:18080</c> finds only that port, also inside a range. A plain number finds every port that starts with it.
/// </summary>
internal sealed record PortQuery(string Text, Reach? Reach, string? Protocol, string? Host, string? App, bool ConflictsOnly)
{
    public const string Conflicts = "conflicts";
    private static readonly Reach[] Reaches = [Ports.Reach.All, Ports.Reach.Loopback, Ports.Reach.One];

    private readonly string[] _words = Text.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public bool IsAll => this is { Text: "", Reach: null, Protocol: null, Host: null, App: null, ConflictsOnly: false };

    public static PortQuery Parse(string? text, string? reach, string? protocol, string? host, string? app, string? show)
    {
        var index = Array.FindIndex(Reaches, one => string.Equals(ReachText.Name(one), reach, StringComparison.OrdinalIgnoreCase));
        return new PortQuery(
            text?.Trim() ?? "",
            index < 0 ? null : Reaches[index],
            string.IsNullOrWhiteSpace(protocol) ? null : protocol.Trim().ToLowerInvariant(),
            string.IsNullOrEmpty(host) ? null : host,
            string.IsNullOrEmpty(app) ? null : app,
            string.Equals(show, Conflicts, StringComparison.OrdinalIgnoreCase)
        );
    }

    public bool Shows(PortRow row) =>
        (Reach is null || row.Reach == Reach)
        && (Protocol is null || row.Protocol == Protocol)
        && (Host is null || row.Host is null || row.Host == Host)
        && (App is null || row.App == App)
        && (!ConflictsOnly || row.Conflict)
        && Array.TrueForAll(_words, word => Finds(row, word));

    private static bool Finds(PortRow row, string word)
    {
        var exact = word[0] == ':';
        var digits = exact ? word[1..] : word;
        if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port >= row.First && port <= row.Last)
        {
            return true;
        }
        return !exact
            && ($"{row.First}".StartsWith(word, StringComparison.Ordinal) || row.SearchText.Contains(word, StringComparison.Ordinal));
    }
}
