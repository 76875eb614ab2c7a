using System.Collections.Immutable;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>What the guard says of each container, from all that is known of the fleet.</summary>
internal static class Rulings
{
    private const string SharedNetwork = "container:";

    public static ImmutableArray<ActionTarget> Of(Inventory inventory, OwnContainer own, bool enabled)
    {
        var facts = inventory.Containers.ToDictionary(container => container.Facts.Id, container => container.Facts);
        var guests = facts.Values.Where(container => HostOf(container) is not null).ToLookup(container => HostOf(container)!);
        return [.. facts.Values.Select(container => Target(container, inventory.Apps[container.Id].Name))];

        ActionTarget Target(ContainerFacts container, string app) => new(container, app, ActionGuard.Judge(
            new GuardCase(container, AppGrouping.ServiceName(container, app))
            {
                Enabled = enabled,
                Forbidden = inventory.File.Protection(container, app),
                IsSelf = own.Is(container.Id),
                NetworkOf = HostOf(container) is { } host ? (facts.GetValueOrDefault(host)?.Name ?? "a container that is gone", facts.GetValueOrDefault(host)) : null,
                NetworkGuests = [.. guests[container.Id]],
            }));
    }

    // The engine keeps the id, whatever name was given.
    private static string? HostOf(ContainerFacts container) =>
        container.NetworkMode.StartsWith(SharedNetwork, StringComparison.Ordinal) ? container.NetworkMode[SharedNetwork.Length..] : null;
}
