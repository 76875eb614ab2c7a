using FleetDashboard.Contracts;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Fleet;

/// <summary>
/// The view that the address asks for: <c>?show=red&amp;q=web+5432&amp;host=lab-1&amp;open=billing&amp;tab=logs</c>. It is kept in the
/// address so that a view can be shared.
/// </summary>
public sealed record FleetQuery(HealthColor? Show, string Text, string? Host, string? Open, CardTab Tab)
{
    private static readonly HealthColor[] Colors = [HealthColor.Red, HealthColor.Amber, HealthColor.Green, HealthColor.Grey];

    /// <summary>The value for <see cref="CardTab.Logs"/> in the address.</summary>
    public const string LogsTab = "logs";

    /// <summary>With <see cref="AllCards"/> every app has a card, however many there are.</summary>
    public const string CardsName = "cards";
    public const string AllCards = "all";

    private readonly string[] _words = Text.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Colours in the order of the chips.</summary>
    public static IReadOnlyList<HealthColor> Filters => Colors;

    public static FleetQuery Parse(string? show, string? text, string? host, string? open, string? tab)
    {
        var color = Array.FindIndex(Colors, color => string.Equals(color.Name(), show, StringComparison.OrdinalIgnoreCase));
        return new FleetQuery(
            color < 0 ? null : Colors[color],
            text?.Trim() ?? "",
            string.IsNullOrEmpty(host) ? null : host,
            string.IsNullOrEmpty(open) ? null : open,
            tab == LogsTab ? CardTab.Logs : CardTab.Containers
        );
    }

    public bool Finds(AppCardModel card) => _words.All(word => card.SearchText.Contains(word, StringComparison.Ordinal));

    /// <param name="card">A card.</param>
    /// <param name="page">The page with the card.</param>
    public bool Shows(AppCardModel card, FleetPageModel page) =>
        (Show is null || (card.Color == Show && page.Counts(card)))
        && (Host is null || !page.View.IsSeveral || card.Host == Host)
        && Finds(card);
}

/// <summary>What an open card shows.</summary>
public enum CardTab
{
    Containers,
    Logs,
}
