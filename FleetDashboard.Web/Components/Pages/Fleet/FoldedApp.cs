using FleetDashboard.Contracts;

namespace FleetDashboard.Web.Components.Pages.Fleet;

/// <summary>An app that is shown as one line instead of a card.</summary>
public sealed record FoldedApp(string Key, string Title, string? Host, HealthColor Color, bool IsKnown, string Label, string Href)
{
    /// <summary>Maximum number of full cards. Further apps are shown as one-line links.</summary>
    public const int MostCards = 60;

    public static FoldedApp From(AppCardModel card) =>
        new(card.Key, card.Title, card.Host, card.Color, card.IsKnown, card.Label, card.Href);
}
