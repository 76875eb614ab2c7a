using System.Collections.Immutable;
using FleetDashboard.Collector.Actions.Rebuild;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions;

/// <summary>
/// The guard's ruling on every container. Rulings do not depend on stats, so they are computed only when their inputs changed: of 720
/// samples in an hour, most change none. For the snapshot writer alone.
/// </summary>
internal sealed class ActionRulings(OwnContainer own, BuildSources sources, ActionList actions, IOptions<ActionOptions> options)
{
    private GuardInputs? _judged;
    private long _sourcesVersion;
    private ImmutableArray<ActionTarget> _targets = [];

    /// <summary>The actions that are ruled on.</summary>
    public ImmutableArray<ActionDescription> Descriptions => actions.Descriptions;

    /// <summary>How often the rulings were computed.</summary>
    public long Count { get; private set; }

    /// <summary>Every container with its ruling. The same array as last time where nothing changed that a ruling depends on.</summary>
    public ImmutableArray<ActionTarget> Judge(GuardInputs inputs)
    {
        var version = sources.Version;
        if (inputs != _judged || version != _sourcesVersion)
        {
            sources.BeginRound();
            _targets = Targets(inputs);
            (_judged, _sourcesVersion) = (inputs, version);
            Count++;
        }

        return _targets;
    }

    private ImmutableArray<ActionTarget> Targets(GuardInputs inputs)
    {
        var fleet = new GuardedFleet(inputs);
        return
        [
            .. inputs
                .Containers.GroupBy(container => inputs.Apps[container.Id].Name)
                .SelectMany(app =>
                    Targets(fleet, app.Key, [.. app.Select(container => (container, AppGrouping.ServiceName(container, app.Key)))])
                ),
        ];
    }

    private IEnumerable<ActionTarget> Targets(GuardedFleet fleet, string app, List<(ContainerFacts Facts, string Service)> members)
    {
        var source = fleet.Inputs.File.Find(app)?.Rebuild;
        var images = source is null
            ? 0
            : members
                .Where(member => DatabaseKinds.ReasonOf(member.Facts, member.Service) is null)
                .Select(member => ImageName.FullOf(member.Facts.Image))
                .Distinct()
                .Count();
        return StartOrder
            .Sort(members.Select(member => TargetSafely(member.Facts, member.Service)))
            .Select((target, order) => target with { Order = order });

        // A container whose ruling fails gets no actions, and does not affect the other containers.
        ActionTarget TargetSafely(ContainerFacts container, string service)
        {
            try
            {
                return Target(fleet, container, app, service, sources.Find(container, service, source, images));
            }
            catch (Exception fault)
            {
                var reason = $"the Collector could not decide which actions are safe ({fault.GetType().Name})";
                return new ActionTarget(
                    container,
                    app,
                    new GuardRuling(
                        null,
                        [],
                        [.. actions.Names.Select(action => new ActionRefusal(action, RefusalCodes.Unreadable, reason))]
                    )
                );
            }
        }
    }

    private ActionTarget Target(GuardedFleet fleet, ContainerFacts container, string app, string service, BuildAnswer build)
    {
        var hasNewer = HasNewerImage(container, fleet.Inputs.Tags);
        var ruling = ActionGuard.Judge(
            new GuardCase(container, service)
            {
                Enabled = options.Value.Enabled,
                Forbidden = fleet.Inputs.File.Protection(container, app),
                IsSelf = own.Is(container.Id),
                Borrows = fleet.BorrowsOf(container),
                Lends = fleet.LendsOf(container),
                Dependents = fleet.DependentsOf(container),
                MissingSource = fleet.MissingSourceOf(container),
                UpdateAvailable = hasNewer,
                WhyNotBuilt = build.Refusal,
            },
            actions
        );
        return new ActionTarget(container, app, ruling, build.Plan, hasNewer);
    }

    // Where the tag is gone from the host there is no newer image to compare with.
    private static bool HasNewerImage(ContainerFacts container, ImmutableDictionary<string, string> tags) =>
        ImageReference.Parse(container) is { } reference
        && tags.TryGetValue(reference.Full, out var id)
        && container.ImageId.Length > 0
        && id != container.ImageId;
}
