using System.Collections.Immutable;
using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Collector.Metadata;
using FleetDashboard.Collector.Sampling;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>
/// What is known of the fleet, kept up to date from what the engine says. Mutable, without locks: <see cref="SnapshotWriter"/> is the
/// only one to touch it. Knows no engine and no clock.
/// </summary>
internal sealed class Inventory(StatsHistory history, DatabaseSizes databases, ChangeHistory changes)
{
    private static readonly TimeSpan OldestFacts = TimeSpan.FromMinutes(10);

    /// <summary>A health event that does not say the new health leads to at most one inspection in this time.</summary>
    private static readonly TimeSpan UnspecificHealthEvery = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, TrackedContainer> _containers = [];
    private readonly Dictionary<string, LifeLog> _lives = [];
    private readonly Dictionary<string, (long Count, DateTimeOffset Last)> _oomKills = [];
    private readonly HashSet<string> _awaited = [];
    private readonly HashSet<string> _denied = [];
    private Dictionary<string, ListedContainer> _list = [];
    private HostImages _images = HostImages.None;
    private ImmutableDictionary<string, AppKey>? _apps;
    private bool _listed;

    public HostFacts? Host { get; private set; }
    public ImmutableArray<NetworkFacts> Networks { get; set; } = [];

    /// <summary>The tags on the host, each with the id of the image that it names now.</summary>
    public ImmutableDictionary<string, string> Tags => _images.Tags;

    /// <summary>The services of the Swarm and the ports that its routing mesh publishes on every node.</summary>
    public ImmutableArray<ServiceFacts> Services { get; set; } = [];

    /// <summary>Entries of the engine's list that cannot be shown, because they have no valid id.</summary>
    public int Unusable { get; private set; }

    public IReadOnlyCollection<TrackedContainer> Containers => _containers.Values;

    /// <summary>True once everything of the first list of a session was inspected.</summary>
    public bool IsComplete => _listed && _awaited.Count == 0;

    /// <summary>What the metadata file says, put to these containers.</summary>
    public FileClaims File { get; private set; } = new(FleetMetadata.None);

    /// <summary>The app of each container.</summary>
    public ImmutableDictionary<string, AppKey> Apps =>
        _apps ??= AppGrouping.Assign([.. _containers.Values.Select(container => container.Facts)], File);

    /// <summary>The container of this id or name; null where there is none.</summary>
    public ContainerFacts? Find(string idOrName) =>
        _containers.TryGetValue(idOrName, out var known)
            ? known.Facts
            : _containers.Values.Select(container => container.Facts).FirstOrDefault(facts => facts.Name == idOrName);

    public LifeLog LifeOf(string id) => _lives.GetValueOrDefault(id, LifeLog.Empty);

    /// <summary>How often the kernel killed something in it for want of memory, since this process watches.</summary>
    public long OomKillsOf(string id) => _oomKills.GetValueOrDefault(id).Count;

    /// <summary>Another version of the metadata file: containers may have moved to other apps.</summary>
    public void Apply(FleetMetadata metadata) => (File, _apps) = (new FileClaims(metadata), null);

    /// <summary>Other images are on the host: labels that a container has from its image decide nothing.</summary>
    public void Apply(HostImages images)
    {
        (_images, _apps) = (images, null);
        foreach (var container in _containers.Values)
        {
            container.Relabel(WithOwnLabels(container.Facts));
        }
    }

    private ContainerFacts WithOwnLabels(ContainerFacts facts)
    {
        var reported = facts.ReportedLabels ?? facts.Labels;
        var own = ImageLabels.OfContainer(reported, _images.Labels.GetValueOrDefault(facts.ImageId));
        return facts with { Labels = own, ReportedLabels = own == reported ? null : reported };
    }

    /// <summary>A new session with the engine: all has to be listed again before it counts as known.</summary>
    public void Begin(HostFacts host)
    {
        (Host, _listed) = (host, false);
        _awaited.Clear();
    }

    /// <summary>The session ended: what is known stands, and is no longer complete.</summary>
    public void End() => _listed = false;

    /// <summary>Takes over the engine's list. Returns what has to be inspected, and how many changes no event had told of.</summary>
    public (ImmutableArray<string> Inspect, int Missed) Reconcile(ContainerList list, DateTimeOffset at)
    {
        var listed = list.Containers;
        (Unusable, _list) = (list.Unusable, listed.ToDictionary(container => container.Id));
        var present = _list.Keys.ToHashSet();
        _denied.IntersectWith(present);
        foreach (var id in _denied.Where(id => !_containers.ContainsKey(id)))
        {
            Show(id, "the engine lists it and answers 404 (not found) when it is inspected", at);
        }
        var gone = _containers.Keys.Where(id => !present.Contains(id)).ToList();
        gone.ForEach(Remove);
        foreach (var id in _lives.Keys.Where(id => !present.Contains(id)).ToList())
        {
            _lives.Remove(id);
            _oomKills.Remove(id);
            changes.Forget(id);
        }

        // A state that the list gave before, too, is no news: Docker lists "removing" for what it inspects as "dead".
        var missed = listed
            .Where(entry =>
                !_containers.TryGetValue(entry.Id, out var known) || (known.Facts.State != entry.State && known.ListedState != entry.State)
            )
            .Select(entry => entry.Id)
            .ToList();
        var differing = listed
            .Where(entry => _containers.TryGetValue(entry.Id, out var known) && known.Facts.State != entry.State)
            .Select(entry => entry.Id)
            .ToList();
        foreach (var entry in listed)
        {
            if (_containers.TryGetValue(entry.Id, out var known))
            {
                known.ListedState = entry.State;
            }
        }

        var aged = listed.Where(entry => _containers.TryGetValue(entry.Id, out var known) && IsAged(known, at)).Select(entry => entry.Id);
        var first = !_listed;
        _listed = true;
        ImmutableArray<string> inspect = first ? [.. present] : [.. missed.Union(differing).Union(aged)];
        if (first)
        {
            _awaited.UnionWith(present);
        }

        return (inspect, first ? 0 : missed.Count + gone.Count);
    }

    public void Put(ContainerFacts facts, DateTimeOffset at)
    {
        _awaited.Remove(facts.Id);
        _denied.Remove(facts.Id);
        facts = WithOwnLabels(facts);
        if (_containers.TryGetValue(facts.Id, out var known))
        {
            changes.Compare(known.Facts, facts, at);
            known.Update(facts, at);
        }
        else
        {
            _containers[facts.Id] = new TrackedContainer(facts, at);
        }

        _apps = null;
    }

    /// <summary>
    /// An inspection that failed. What was known of the container stays; one that was never inspected is shown as the list describes it, so
    /// that
    /// no listed container is missing from the page. False where the list does not have it either.
    /// </summary>
    public bool GiveUp(string id, string why, DateTimeOffset at)
    {
        _awaited.Remove(id);
        if (_containers.TryGetValue(id, out var known))
        {
            known.Fail(why);
            _apps = null;
            return true;
        }

        return Show(id, why, at);
    }

    /// <summary>The engine says that there is no such container. Where its next list still has it, it is shown all the same.</summary>
    public void Deny(string id)
    {
        if (_containers.TryGetValue(id, out var known) && known.Facts.Unreadable is not null)
        {
            return; // Its list and its inspections disagree for good.
        }

        Remove(id);
        _denied.Add(id);
    }

    public void Remove(string id)
    {
        _awaited.Remove(id);
        _lives.Remove(id);
        _oomKills.Remove(id);
        changes.Forget(id);
        if (_containers.Remove(id))
        {
            history.ForgetContainer(id);
            _apps = null;
        }
    }

    /// <summary>
    /// False for an event that changes nothing that an inspection would show: a probe that says what the last one said. Podman sends one
    /// for each.
    /// </summary>
    public bool IsNews(EngineEvent what, DateTimeOffset now) =>
        what.Action switch
        {
            "health_status" when _containers.TryGetValue(what.Id, out var known) => what.Detail is { Length: > 0 } told
                ? told != known.Facts.Healthcheck || told != (known.ToldHealth ?? told)
                : now - known.SeenAt > UnspecificHealthEvery,
            _ => true,
        };

    public void Observe(EngineEvent what)
    {
        if (what.Action == "health_status" && _containers.TryGetValue(what.Id, out var container))
        {
            container.ToldHealth = what.Detail;
        }

        _lives[what.Id] = LifeOf(what.Id).With(what);
        changes.Observe(what);

        // A new session is told once more what happened at the moment at which the last one ended.
        if (what.Action == "oom" && _oomKills.GetValueOrDefault(what.Id) is var known && what.At > known.Last)
        {
            _oomKills[what.Id] = (known.Count + 1, what.At);
        }
    }

    /// <summary>Takes over one reading of all running containers.</summary>
    /// <param name="readings">What could be read.</param>
    /// <param name="pace">How long after the last one it was due.</param>
    public void Sample(ImmutableArray<(string Id, RawStats Stats)> readings, TimeSpan pace)
    {
        foreach (var (id, counters) in readings)
        {
            if (_containers.TryGetValue(id, out var container) && container.Facts.IsRunning)
            {
                history.AddContainer(
                    id,
                    container.Sample(counters, File.Find(Apps[id].Name)?.Thresholds ?? Thresholds.None, Host?.Cpus ?? 0),
                    pace
                );
            }
        }

        foreach (var app in _containers.Values.GroupBy(container => Apps[container.Facts.Id].Name))
        {
            history.AddApp(
                app.Key,
                [.. app.Where(container => container.Facts.IsRunning && container.Stats is not null).Select(container => container.Stats!)],
                pace
            );
        }

        history.KeepApps(Apps.Values.Select(app => app.Name).ToHashSet());
    }

    /// <summary>Takes over one look into the databases of a container.</summary>
    public void Measure(string id, DatabaseReading reading)
    {
        if (_containers.TryGetValue(id, out var container) && DatabaseKinds.KindOf(container.Facts) is { } kind)
        {
            databases.Put(container.Facts.Name, kind, reading);
        }

        databases.Prune(_containers.Values.Select(one => one.Facts.Name).ToHashSet(), reading.At);
    }

    /// <summary>The running containers, whose figures are wanted.</summary>
    public ImmutableArray<SampleTarget> SampleTargets() =>
        [
            .. from container in _containers.Values
            let facts = container.Facts
            where facts.IsRunning
            select new SampleTarget(
                facts.Id,
                facts.StartedAt,
                facts.Pid,
                facts.Spec.CgroupPath(facts.Id, Host?.CgroupDriver ?? ""),
                InterfacesOf(facts)
            ),
        ];

    /// <summary>The running containers that hold a database of a known kind.</summary>
    public ImmutableArray<DatabaseTarget> DatabaseTargets() =>
        [
            .. from container in _containers.Values
            let facts = container.Facts
            where facts.IsRunning
            let kind = DatabaseKinds.KindOf(facts)
            where kind is not null
            select new DatabaseTarget(facts.Id, facts.Name, kind, facts.StartedAt),
        ];

    // Who lives in another container's network has that one's interfaces.
    private int? InterfacesOf(ContainerFacts facts)
    {
        const string prefix = "container:";
        const int longestChain = 8;
        for (var hops = 0; hops < longestChain; hops++)
        {
            if (facts.NetworkMode is "host" or "none")
            {
                return 0;
            }

            if (!facts.NetworkMode.StartsWith(prefix, StringComparison.Ordinal))
            {
                return facts.Networks.Length > 0 ? facts.Networks.Length : null;
            }

            if (!_containers.TryGetValue(facts.NetworkMode[prefix.Length..], out var lender))
            {
                return null;
            }

            facts = lender.Facts;
        }

        return null;
    }

    private bool Show(string id, string why, DateTimeOffset at)
    {
        if (!_list.TryGetValue(id, out var entry))
        {
            return false;
        }

        _containers[id] = new TrackedContainer(entry.ToFacts(why), at) { ListedState = entry.State };
        _apps = null;
        return true;
    }

    // A failing healthcheck counts on without an event; everything else is looked at now and then in case an event was missed.
    private static bool IsAged(TrackedContainer container, DateTimeOffset at) =>
        container.Facts.Healthcheck == "unhealthy"
        || container.FailedInspections > 0
        || container.Facts.Unreadable is not null
        || at - container.SeenAt > OldestFacts;
}
