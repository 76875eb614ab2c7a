using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;

namespace FleetDashboard.Tests.Support;

/// <summary>Views of the fleet, built from snapshots.</summary>
internal static class Views
{
    public static Uri Collector { get; } = new("http://collector.test:5081");

    /// <summary>A host whose Collector and engine respond.</summary>
    public static HostView Live(FleetSnapshot snapshot, string? name = null) =>
        new()
        {
            Collector = name is null ? Collector : new Uri($"http://{name}.test:5081"),
            Name = name ?? snapshot.Host.Name,
            Snapshot = snapshot,
            Connection = ConnectionState.Live,
            AsOf = snapshot.TakenAt,
        };

    /// <summary>A host whose Collector has not responded for a minute.</summary>
    public static HostView Silent(FleetSnapshot snapshot, string name) =>
        Live(snapshot, name) with
        {
            Connection = ConnectionState.Unreachable,
            UnreachableSince = snapshot.TakenAt.AddMinutes(1),
            Error = "It is gone.",
        };

    public static FleetView From(FleetSnapshot snapshot) => From(Live(snapshot));

    public static FleetView From(params HostView[] hosts) => FleetView.Merge(hosts, []);

    /// <summary>An app on the only host of a fleet.</summary>
    public static FleetApp Placed(AppSnapshot app, FleetSnapshot? of = null) => new(Live(of ?? Snapshots.Fleet()), app);
}
