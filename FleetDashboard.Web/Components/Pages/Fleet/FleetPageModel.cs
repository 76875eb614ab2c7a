using System.Runtime.CompilerServices;
using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Fleet;

/// <summary>
/// A view prepared for the page: the verdict, the cards, and the number of cards of each colour. Built once for each view and shared by all
/// viewers. The cards of a host are built once for each of its snapshots. With a hundred viewers this is most of the work of a refresh.
/// </summary>
public sealed class FleetPageModel
{
    private static readonly ConditionalWeakTable<FleetView, FleetPageModel> Models = [];
    private static readonly ConditionalWeakTable<HostView, IReadOnlyList<AppCardModel>> CardsOfHosts = [];

    private readonly Dictionary<HealthColor, int> _counts;
    private readonly Dictionary<string, FleetApp> _apps;

    private FleetPageModel(FleetView view)
    {
        View = view;
        Verdict = VerdictModel.Shared(view);
        var cards = view.Hosts.SelectMany(host => CardsOfHosts.GetValue(host, static key => CardsOf(key)));
        Cards = view.IsSeveral
            ?
            [
                .. cards
                    .OrderBy(Urgency)
                    .ThenBy(card => card.Title, StringComparer.OrdinalIgnoreCase)
                    .ThenBy(card => card.Host, StringComparer.OrdinalIgnoreCase),
            ]
            : [.. cards];
        _counts = Cards.Where(Counts).CountBy(card => card.Color).ToDictionary();
        _apps = view.Apps.DistinctBy(app => app.Key).ToDictionary(app => app.Key);
    }

    public FleetView View { get; }

    public VerdictModel Verdict { get; }

    /// <summary>Worst first; of one host in its snapshot's order.</summary>
    public IReadOnlyList<AppCardModel> Cards { get; }

    public static FleetPageModel From(FleetView view) => Models.GetValue(view, static key => new FleetPageModel(key));

    /// <summary>How many cards have this colour, without the cards whose colour is outdated.</summary>
    public int Count(HealthColor color) => _counts.GetValueOrDefault(color);

    /// <summary>
    /// Whether a card counts for its colour. The colour of a silent host's app is outdated, so it counts only where no host is current.
    /// </summary>
    public bool Counts(AppCardModel card) => card.IsKnown || !View.IsCurrent;

    public FleetApp? App(string key) => _apps.GetValueOrDefault(key);

    private static IReadOnlyList<AppCardModel> CardsOf(HostView host) =>
        host.Snapshot is { } snapshot ? [.. snapshot.Apps.Select(app => AppCards.Create(new FleetApp(host, app)))] : [];

    // An outdated state may hide a problem, so these cards stand before the green ones.
    private static int Urgency(AppCardModel card) =>
        (card.IsKnown, card.Color) switch
        {
            (true, HealthColor.Red) => 0,
            (true, HealthColor.Amber) => 1,
            (false, _) => 2,
            (true, HealthColor.Green) => 3,
            _ => 4,
        };
}
