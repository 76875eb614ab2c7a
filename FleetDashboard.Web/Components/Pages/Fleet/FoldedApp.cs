using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Components.Pages.Fleet;

/// <summary>An app that has a line instead of a card.</summary>
public sealed record FoldedApp(string Key, string Title, string? Host, HealthColor Color, bool IsKnown, string Label, string Href)
{
    /// <summary>So many apps have cards; whoever has more than that looks for those that need somebody, or searches.</summary>
    public const int MostCards = 60;

    public static FoldedApp From(AppCardModel card) =>
        new(card.Key, card.Title, card.Host, card.Color, card.IsKnown, card.Label, card.Href);
}
