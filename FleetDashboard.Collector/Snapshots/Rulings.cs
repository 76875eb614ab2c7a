using System.Collections.Immutable;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Actions.Rebuild;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>What the guard says of each container, from all that is known of the fleet.</summary>
internal static class Rulings
{
    private const string SharedNetwork = "container:";

    public static ImmutableArray<ActionTarget> Of(Inventory inventory, OwnContainer own, BuildSources sources, bool enabled)
    {
        var facts = inventory.Containers.ToDictionary(container => container.Facts.Id, container => container.Facts);
        var guests = facts.Values.Where(container => HostOf(container) is not null).ToLookup(container => HostOf(container)!);
        var apps = facts.Values.GroupBy(container => inventory.Apps[container.Id].Name);
        return [.. apps.SelectMany(app => Targets(app.Key, [.. app.Select(container => (container, AppGrouping.ServiceName(container, app.Key)))]))];

        IEnumerable<ActionTarget> Targets(string app, List<(ContainerFacts Facts, string Service)> members)
        {
            var source = inventory.File.Of(app)?.Rebuild;
            var images = source is null ? 0
                : members.Where(member => DatabaseKinds.ReasonOf(member.Facts, member.Service) is null).Select(member => member.Facts.Image).Distinct().Count();
            return members.Select(member => Target(member.Facts, app, member.Service, sources.Of(member.Facts, member.Service, source, images)));
        }

        ActionTarget Target(ContainerFacts container, string app, string service, BuildAnswer build)
        {
            var hasNewer = HasNewerImage(container, inventory.Tags);
            var ruling = ActionGuard.Judge(new GuardCase(container, service)
            {
                Enabled = enabled,
                Forbidden = inventory.File.Protection(container, app),
                IsSelf = own.Is(container.Id),
                NetworkOf = HostOf(container) is { } host ? (facts.GetValueOrDefault(host)?.Name ?? "a container that is gone", facts.GetValueOrDefault(host)) : null,
                NetworkGuests = [.. guests[container.Id]],
                UpdateAvailable = hasNewer,
                WhyNotBuilt = build.Why,
            });
            return new ActionTarget(container, app, ruling, build.Plan, hasNewer);
        }
    }

    // An image that lost its tag and has no successor is no update: then there is nothing to compare with.
    private static bool HasNewerImage(ContainerFacts container, ImmutableDictionary<string, string> tags) =>
        ImageReference.Parse(container) is { } reference && tags.TryGetValue(reference.Familiar, out var id) && container.ImageId.Length > 0 && id != container.ImageId;

    // The engine keeps the id, whatever name was given.
    private static string? HostOf(ContainerFacts container) =>
        container.NetworkMode.StartsWith(SharedNetwork, StringComparison.Ordinal) ? container.NetworkMode[SharedNetwork.Length..] : null;
}
