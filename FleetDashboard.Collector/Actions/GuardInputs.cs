using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;

namespace FleetDashboard.Collector.Actions;

/// <summary>All that the guard's rulings depend on, apart from settings and build sources. Two with the same parts are equal.</summary>
/// <param name="Containers">Every container.</param>
/// <param name="Apps">The app of each container, by its id.</param>
/// <param name="File">What fleet.yaml says of these containers.</param>
/// <param name="Tags">The tags on the host, each with the id of its image.</param>
internal sealed record GuardInputs(
    ImmutableArray<ContainerFacts> Containers,
    ImmutableDictionary<string, AppKey> Apps,
    FileClaims File,
    ImmutableDictionary<string, string> Tags
);
