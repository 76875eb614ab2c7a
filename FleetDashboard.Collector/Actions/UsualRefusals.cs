using System.Collections.Immutable;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Actions;

/// <summary>
/// Most containers are refused an action for the same reason, for example that there is no newer image. Sent with each container, these
/// sentences were half of the snapshot, so the most frequent one of each action is sent once.
/// </summary>
internal static class UsualRefusals
{
    /// <summary>The most frequent refusal of each action among the containers that are not protected.</summary>
    public static ImmutableArray<ActionRefusal> Find(IEnumerable<ActionTarget> targets) =>
        [
            .. targets
                .Where(target => target.Ruling.Protection is null)
                .SelectMany(target => target.Ruling.Refused)
                .CountBy(refusal => refusal)
                .GroupBy(counted => counted.Key.Action)
                .Select(action =>
                    action
                        .OrderByDescending(counted => counted.Value)
                        .ThenBy(counted => counted.Key.Reason, StringComparer.Ordinal)
                        .First()
                        .Key
                ),
        ];
}
