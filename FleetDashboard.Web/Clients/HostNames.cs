namespace FleetDashboard.Web.Clients;

/// <summary>Gives each host of a fleet a unique name, and shows an engine with several Collectors once.</summary>
internal static class HostNames
{
    /// <summary>
    /// The hosts with unique names, and warnings as sentences. An engine that is reached by two addresses or two Collectors counts once.
    /// Machines cloned from one template share the engine's id and often the name. They are distinguished by their containers, and neither
    /// hides the other.
    /// </summary>
    public static (IReadOnlyList<HostView> Hosts, IReadOnlyList<string> Oddities) Apart(IReadOnlyList<HostView> heard)
    {
        var engines = Engines(heard);
        var once = engines.Select(Shown).OrderBy(host => Place(heard, host)).ToList();
        var shared = once.GroupBy(host => host.Name, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => group.Key)
            .ToHashSet(StringComparer.Ordinal);
        return ([.. once.Select(Named)], [.. engines.Select(Twice).OfType<string>(), .. Clones(engines)]);

        HostView Named(HostView host)
        {
            var name = shared.Contains(host.Name) ? $"{host.Name} ({host.Collector.Authority})" : host.Name;
            return host with { Name = name, Tag = once.Count > 1 ? name : null };
        }
    }

    // The Collectors of each engine, in order.
    private static List<List<HostView>> Engines(IReadOnlyList<HostView> heard)
    {
        var engines = new List<List<HostView>>();
        foreach (var host in heard)
        {
            if (engines.Find(engine => engine.Exists(other => SameEngine.Is(other.Snapshot, host.Snapshot))) is { } known)
            {
                known.Add(host);
            }
            else
            {
                engines.Add([host]);
            }
        }
        return engines;
    }

    // Current hosts first, then hosts that answer, then silent ones.
    private static HostView Shown(List<HostView> engine) =>
        engine.OrderByDescending(host => host.IsCurrent).ThenByDescending(host => host.Connection == ConnectionState.Live).First();

    private static string? Twice(List<HostView> engine)
    {
        var live = engine.Count(host => host.Connection == ConnectionState.Live);
        return live > 1
            ? $"{Shown(engine).Name} is reached at {Addresses(engine)}, and shown once: take one of them out of Collectors."
            : null;
    }

    private static IEnumerable<string> Clones(List<List<HostView>> engines) =>
        from engine in engines.Select(Shown)
        where engine.Snapshot is { Host.EngineId.Length: > 0 }
        group engine by engine.Snapshot!.Host.EngineId into same
        where same.Count() > 1
        select $"The engines at {Addresses(same)} have the same id but different containers, "
            + "as machines cloned from one template have. Each is shown by itself. "
            + "Give each an id of its own: stop Docker, remove its engine-id file, and start it again.";

    private static string Addresses(IEnumerable<HostView> hosts) => string.Join(" and ", hosts.Select(host => host.Collector.Authority));

    private static int Place(IReadOnlyList<HostView> heard, HostView host)
    {
        for (var place = 0; place < heard.Count; place++)
        {
            if (ReferenceEquals(heard[place], host))
            {
                return place;
            }
        }
        return heard.Count;
    }
}
