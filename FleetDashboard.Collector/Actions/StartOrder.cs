using FleetDashboard.Collector.Fleet;

namespace FleetDashboard.Collector.Actions;

/// <summary>
/// The order in which the containers of an app are taken: what others depend on first, as Compose noted it, else as they started. Pure.
/// </summary>
internal static class StartOrder
{
    private const string DependsOn = "com.docker.compose.depends_on";

    public static IReadOnlyList<ActionTarget> Sort(IEnumerable<ActionTarget> targets)
    {
        var waiting = targets
            .OrderBy(target => target.Facts.StartedAt ?? target.Facts.CreatedAt)
            .ThenBy(target => target.Name, StringComparer.Ordinal)
            .ToList();
        var ordered = new List<ActionTarget>(waiting.Count);
        while (waiting.Count > 0)
        {
            // Whose dependencies are all done; in a circle nobody is, and the one that started first begins.
            var services = waiting.Select(Service).ToHashSet();
            var next =
                waiting.Find(target => !Dependencies(target).Any(service => service != Service(target) && services.Contains(service)))
                ?? waiting[0];
            waiting.Remove(next);
            ordered.Add(next);
        }

        return ordered;
    }

    private static string Service(ActionTarget target) => target.Facts.Labels.GetValueOrDefault(AppGrouping.ComposeService, target.Name);

    // db:service_healthy:false,cache:service_started:true
    private static IEnumerable<string> Dependencies(ActionTarget target) =>
        target
            .Facts.Labels.GetValueOrDefault(DependsOn, "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Split(':')[0]);
}
