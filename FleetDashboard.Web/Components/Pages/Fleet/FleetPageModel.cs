using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;

namespace FleetDashboard.Web.Components.Pages.Fleet;

/// <summary>A view made ready for the page, once for each view: the verdict, the cards in the snapshot's order, and how many there are of each colour.</summary>
public sealed class FleetPageModel
{
    private readonly Dictionary<HealthColor, int> _counts;

    private FleetPageModel(FleetView view)
    {
        View = view;
        Verdict = VerdictModel.Of(view);
        Cards = view.Snapshot is { } snapshot ? [.. snapshot.Apps.Select(app => AppCards.Of(app, snapshot.Host))] : [];
        _counts = Cards.CountBy(card => card.Color).ToDictionary();
    }

    public FleetView View { get; }

    public VerdictModel Verdict { get; }

    public IReadOnlyList<AppCardModel> Cards { get; }

    /// <summary>The same model for the same view: a change of the filter rebuilds nothing.</summary>
    public static FleetPageModel For(FleetView view, FleetPageModel? last) => last is not null && ReferenceEquals(last.View, view) ? last : new FleetPageModel(view);

    public int Count(HealthColor color) => _counts.GetValueOrDefault(color);

    public AppSnapshot? App(string name) => View.Snapshot?.Apps.FirstOrDefault(app => app.Name == name);
}
