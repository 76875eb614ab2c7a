using FleetDashboard.Collector.Fleet;

namespace FleetDashboard.Collector.Actions;

/// <summary>
/// The order in which an action on an app takes the containers: dependencies first, as Compose recorded them in a label, then by start
/// time. Pure. The snapshot carries each position, so the confirmation dialog shows this order.
/// </summary>
internal static class StartOrder
{
    private const string DependsOn = "com.docker.compose.depends_on";

    public static IReadOnlyList<ActionTarget> Sort(IEnumerable<ActionTarget> targets)
    {
        ActionTarget[] all =
        [
            .. targets
                .OrderBy(target => target.Facts.StartedAt ?? target.Facts.CreatedAt)
                .ThenBy(target => target.Name, StringComparer.Ordinal),
        ];
        var services = all.Select(Service).ToArray();
        var left = services.CountBy(service => service).ToDictionary();
        var waiting = new SortedSet<int>(Enumerable.Range(0, all.Length));
        var ready = new SortedSet<int>();
        var blockers = new int[all.Length];
        var dependents = new Dictionary<string, List<int>>();
        for (var i = 0; i < all.Length; i++)
        {
            foreach (var service in Dependencies(all[i]).Distinct().Where(one => one != services[i] && left.ContainsKey(one)))
            {
                blockers[i]++;
                (dependents.TryGetValue(service, out var known) ? known : dependents[service] = []).Add(i);
            }

            if (blockers[i] == 0)
            {
                ready.Add(i);
            }
        }

        var ordered = new List<ActionTarget>(all.Length);
        while (waiting.Count > 0)
        {
            // In a circle of dependencies nothing is ready. The container that started first is taken.
            var next = ready.Count > 0 ? ready.Min : waiting.Min;
            waiting.Remove(next);
            ready.Remove(next);
            ordered.Add(all[next]);
            if (--left[services[next]] == 0)
            {
                foreach (var dependent in dependents.GetValueOrDefault(services[next], []))
                {
                    if (--blockers[dependent] == 0 && waiting.Contains(dependent))
                    {
                        ready.Add(dependent);
                    }
                }
            }
        }

        return ordered;
    }

    private static string Service(ActionTarget target) => target.Facts.Labels.GetValueOrDefault(AppGrouping.ComposeService, target.Name);

    // The label reads db:service_healthy:false,cache:service_started:true
    private static IEnumerable<string> Dependencies(ActionTarget target) =>
        target
            .Facts.Labels.GetValueOrDefault(DependsOn, "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Split(':')[0]);
}
