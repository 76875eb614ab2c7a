using System.Collections.Immutable;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Actions.Rebuild;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Collector.Metadata;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>What the guard says of each container, from all that is known of the fleet.</summary>
internal static class GuardInputs
{
    public static ImmutableArray<ActionTarget> Create(Inventory inventory, OwnContainer own, BuildSources sources, bool enabled)
    {
        var facts = inventory.Containers.ToDictionary(container => container.Facts.Id, container => container.Facts);
        var lent = facts
            .Values.SelectMany(container =>
                container.Borrows.Select(borrowed => (borrowed.ContainerId, Loan: new Loan(borrowed.What, container.Name, container)))
            )
            .ToLookup(pair => pair.ContainerId, pair => pair.Loan);
        var users = facts.Values.Where(container => container.References.Length > 0).ToList();
        var apps = facts.Values.GroupBy(container => inventory.Apps[container.Id].Name);
        return
        [
            .. apps.SelectMany(app =>
                Targets(app.Key, [.. app.Select(container => (container, AppGrouping.ServiceName(container, app.Key)))])
            ),
        ];

        IEnumerable<ActionTarget> Targets(string app, List<(ContainerFacts Facts, string Service)> members)
        {
            var source = inventory.File.Find(app)?.Rebuild;
            var images = source is null
                ? 0
                : members
                    .Where(member => DatabaseKinds.ReasonOf(member.Facts, member.Service) is null)
                    .Select(member => ImageName.FullOf(member.Facts.Image))
                    .Distinct()
                    .Count();
            return members.Select(member => TargetSafely(member.Facts, app, member.Service, source, images));
        }

        // What cannot be ruled on is not touched, and hides no other.
        ActionTarget TargetSafely(ContainerFacts container, string app, string service, RebuildSource? source, int images)
        {
            try
            {
                return Target(container, app, service, sources.Find(container, service, source, images));
            }
            catch (Exception fault)
            {
                var reason = $"what may be done to it could not be decided ({fault.GetType().Name})";
                return new ActionTarget(
                    container,
                    app,
                    new GuardRuling(
                        null,
                        [],
                        [.. ActionNames.All.Select(action => new ActionRefusal(action, RefusalCodes.Unreadable, reason))]
                    )
                );
            }
        }

        ActionTarget Target(ContainerFacts container, string app, string service, BuildAnswer build)
        {
            var hasNewer = HasNewerImage(container, inventory.Tags);
            var ruling = ActionGuard.Judge(
                new GuardCase(container, service)
                {
                    Enabled = enabled,
                    Forbidden = inventory.File.Protection(container, app),
                    IsSelf = own.Is(container.Id),
                    Borrows =
                    [
                        .. container.Borrows.Select(borrowed =>
                            facts.GetValueOrDefault(borrowed.ContainerId) is { } lender
                                ? new Loan(borrowed.What, lender.Name, lender)
                                : new Loan(borrowed.What, "a container that is gone", null)
                        ),
                    ],
                    Lends = [.. lent[container.Id]],
                    Dependents =
                    [
                        .. users.SelectMany(other =>
                            other.References.Select(reference => Dependence(other, reference, container)).OfType<string>()
                        ),
                    ],
                    MissingSource = container
                        .References.FirstOrDefault(reference =>
                            reference.Kind == ReferenceKind.Volumes && !facts.Values.Any(reference.Means)
                        )
                        ?.Container,
                    UpdateAvailable = hasNewer,
                    WhyNotBuilt = build.Why,
                }
            );
            return new ActionTarget(container, app, ruling, build.Plan, hasNewer);
        }
    }

    // A link breaks whenever the other is removed; volumes are found again by name, and not by an id.
    private static string? Dependence(ContainerFacts user, ContainerReference reference, ContainerFacts used) =>
        reference.Kind switch
        {
            ReferenceKind.Link when reference.Means(used) => $"{user.Name} is linked to it (--link) and could not start any more",
            ReferenceKind.Volumes when reference.MeansId(used.Id) =>
                $"{user.Name} takes its volumes by its id (--volumes-from) and could not be recreated any more",
            _ => null,
        };

    // An image that lost its tag and has no successor is no update: then there is nothing to compare with.
    private static bool HasNewerImage(ContainerFacts container, ImmutableDictionary<string, string> tags) =>
        ImageReference.Parse(container) is { } reference
        && tags.TryGetValue(reference.Full, out var id)
        && container.ImageId.Length > 0
        && id != container.ImageId;
}
