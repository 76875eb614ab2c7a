namespace FleetDashboard.Web.Clients;

/// <summary>Gives each host of a fleet a name of its own.</summary>
internal static class HostNames
{
    /// <summary>
    /// The hosts with names that tell them apart, and what is odd about them as sentences. A Collector that is reached by two addresses, as after it was
    /// made anew under another one, counts once: its engine and host tell the same. Clones of a machine share the engine's id but not the host's name.
    /// </summary>
    public static (IReadOnlyList<HostView> Hosts, IReadOnlyList<string> Oddities) Apart(IReadOnlyList<HostView> heard)
    {
        var oddities = new List<string>();
        var once = heard.Where(host => IsFirst(host)).ToList();
        var shared = once.GroupBy(host => host.Name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        return ([.. once.Select(Named)], oddities);

        bool IsFirst(HostView host)
        {
            if (EngineOf(host) is not { } engine)
            {
                return true;
            }
            var same = heard.Where(other => EngineOf(other) == engine).OrderByDescending(other => other.Connection == ConnectionState.Live).ToList();
            if (!ReferenceEquals(same[0], host))
            {
                return false;
            }
            if (same.Count(other => other.Connection == ConnectionState.Live) > 1)
            {
                oddities.Add($"{host.Name} is reached at {string.Join(" and ", same.Select(other => other.Collector.Authority))}, and shown once: take one of them out of Collectors.");
            }
            return true;
        }

        HostView Named(HostView host)
        {
            var name = shared.Contains(host.Name) ? $"{host.Name} ({host.Collector.Authority})" : host.Name;
            return host with { Name = name, Tag = once.Count > 1 ? name : null };
        }
    }

    private static (string Id, string Host)? EngineOf(HostView host) => host.Snapshot?.Host is { EngineId: { Length: > 0 } id } known ? (id, known.Name) : null;
}
