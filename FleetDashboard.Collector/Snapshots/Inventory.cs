using System.Collections.Immutable;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Collector.Metadata;
using FleetDashboard.Collector.Sampling;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>
/// The state of the fleet, kept up to date from the signals of the engine's session. Mutable, without locks: only
/// <see cref="SnapshotWriter"/> may use it.
/// </summary>
internal sealed class Inventory(StatsHistory history, DatabaseSizes databases, ChangeHistory changes)
{
    private static readonly TimeSpan OldestFacts = TimeSpan.FromMinutes(10);

    /// <summary>A health event without the new health leads to at most one inspection in this time.</summary>
    private static readonly TimeSpan UnspecificHealthEvery = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, TrackedContainer> _containers = [];
    private readonly Dictionary<string, LifeLog> _lives = [];
    private readonly Dictionary<string, (long Count, DateTimeOffset Last)> _oomKills = [];
    private readonly HashSet<string> _awaited = [];
    private readonly HashSet<string> _denied = [];
    private Dictionary<string, ListedContainer> _list = [];
    private HostImages _images = HostImages.None;
    private GuardInputs? _guardInputs;
    private bool _listed;

    public HostFacts? Host { get; private set; }
    public ImmutableArray<NetworkFacts> Networks { get; set; } = [];

    /// <summary>The tags on the host, each with the id of the image that it names now.</summary>
    public ImmutableDictionary<string, string> Tags => _images.Tags;

    /// <summary>The services of the Swarm and the ports that its routing mesh publishes on every node.</summary>
    public ImmutableArray<ServiceFacts> Services { get; set; } = [];

    /// <summary>Entries of the engine's list that cannot be shown: they have no valid id, or exceed the limit.</summary>
    public int Unusable { get; private set; }

    public IReadOnlyCollection<TrackedContainer> Containers => _containers.Values;

    /// <summary>True once every container of the session's first list was inspected.</summary>
    public bool IsComplete => _listed && _awaited.Count == 0;

    /// <summary>What fleet.yaml says of these containers.</summary>
    public FileClaims File { get; private set; } = new(FleetMetadata.None);

    /// <summary>The app of each container.</summary>
    public ImmutableDictionary<string, AppKey> Apps => GuardInputs.Apps;

    /// <summary>All that the guard's rulings depend on. The same object until a container, the file or a tag changes.</summary>
    public GuardInputs GuardInputs => _guardInputs ??= CreateGuardInputs();

    /// <summary>The container of this id or name; null for no match.</summary>
    public ContainerFacts? Find(string idOrName) =>
        _containers.TryGetValue(idOrName, out var known)
            ? known.Facts
            : _containers.Values.Select(container => container.Facts).FirstOrDefault(facts => facts.Name == idOrName);

    public LifeLog LifeOf(string id) => _lives.GetValueOrDefault(id, LifeLog.Empty);

    /// <summary>OOM kills in a container since the Collector started.</summary>
    public long OomKillsOf(string id) => _oomKills.GetValueOrDefault(id).Count;

    /// <summary>fleet.yaml changed: containers may belong to other apps now.</summary>
    public void Apply(FleetMetadata metadata) => (File, _guardInputs) = (new FileClaims(metadata), null);

    /// <summary>The images on the host changed. Labels that a container has from its image are left out.</summary>
    public void Apply(HostImages images)
    {
        (_images, _guardInputs) = (images, null);
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

    /// <summary>A new session with the engine: the inventory is complete only after everything was listed and inspected again.</summary>
    public void Begin(HostFacts host)
    {
        (Host, _listed) = (host, false);
        _awaited.Clear();
    }

    /// <summary>The session ended: the containers stay, and the inventory is no longer complete.</summary>
    public void End() => _listed = false;

    /// <summary>
    /// Compares with the engine's list. Returns the ids to inspect, and the number of changes that came without an event.
    /// </summary>
    public (ImmutableArray<string> Inspect, int Missed) Reconcile(ContainerList list, DateTimeOffset at)
    {
        var listed = list.Containers;
        (Unusable, _list) = (list.Unusable, listed.ToDictionary(container => container.Id));
        var present = _list.Keys.ToHashSet();
        _denied.IntersectWith(present);
        foreach (var id in _denied.Where(id => !_containers.ContainsKey(id)))
        {
            Show(id, "the engine lists it, but answers 404 (not found) when it is inspected", at);
        }
        var gone = _containers.Keys.Where(id => !present.Contains(id)).ToList();
        gone.ForEach(Remove);
        foreach (var id in _lives.Keys.Where(id => !present.Contains(id)).ToList())
        {
            _lives.Remove(id);
            _oomKills.Remove(id);
            changes.Forget(id);
        }

        // Not missed where the last list had the same state: Docker lists "removing" for a container that it inspects as "dead".
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

        _guardInputs = null;
    }

    /// <summary>
    /// An inspection failed. The last facts of the container stay. One that was never inspected is shown as the list describes it, so that
    /// no listed container is missing from the page. False where the list does not have it either.
    /// </summary>
    public bool GiveUp(string id, string why, DateTimeOffset at)
    {
        _awaited.Remove(id);
        if (_containers.TryGetValue(id, out var known))
        {
            known.Fail(why);
            _guardInputs = null;
            return true;
        }

        return Show(id, why, at);
    }

    /// <summary>The engine answered 404 for this container. It is shown again where the next list still has it.</summary>
    public void Deny(string id)
    {
        if (_containers.TryGetValue(id, out var known) && known.Facts.Unreadable is not null)
        {
            return; // The engine's list and its inspections disagree for good.
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
            _guardInputs = null;
        }
    }

    /// <summary>
    /// False for an event after which an inspection would show nothing new: a health check with the same result as the last one. Podman
    /// sends an event for each check.
    /// </summary>
    public bool IsNews(EngineEvent what, DateTimeOffset now) =>
        what.Action switch
        {
            "health_status" when _containers.TryGetValue(what.Id, out var known) => what.Detail is { Length: > 0 } health
                ? health != known.Facts.Healthcheck || health != (known.ReportedHealth ?? health)
                : now - known.SeenAt > UnspecificHealthEvery,
            _ => true,
        };

    public void Observe(EngineEvent what)
    {
        if (what.Action == "health_status" && _containers.TryGetValue(what.Id, out var container))
        {
            container.ReportedHealth = what.Detail;
        }

        _lives[what.Id] = LifeOf(what.Id).With(what);
        changes.Observe(what);

        // A new session receives the last event of the session before it once more.
        if (what.Action == "oom" && _oomKills.GetValueOrDefault(what.Id) is var known && what.At > known.Last)
        {
            _oomKills[what.Id] = (known.Count + 1, what.At);
        }
    }

    /// <summary>Adds one reading of the running containers.</summary>
    /// <param name="readings">The counters that could be read, by container.</param>
    /// <param name="pace">How long after the last reading this one was due.</param>
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

    /// <summary>Adds one measurement of the databases in a container.</summary>
    public void Measure(string id, DatabaseReading reading)
    {
        if (_containers.TryGetValue(id, out var container) && DatabaseKinds.KindOf(container.Facts) is { } kind)
        {
            databases.Put(container.Facts.Name, kind, reading);
        }

        databases.Prune(_containers.Values.Select(one => one.Facts.Name).ToHashSet(), reading.At);
    }

    private GuardInputs CreateGuardInputs()
    {
        ImmutableArray<ContainerFacts> facts = [.. _containers.Values.Select(container => container.Facts)];
        return new GuardInputs(facts, AppGrouping.Assign(facts, File), File, Tags);
    }

    private bool Show(string id, string why, DateTimeOffset at)
    {
        if (!_list.TryGetValue(id, out var entry))
        {
            return false;
        }

        _containers[id] = new TrackedContainer(entry.ToFacts(why), at) { ListedState = entry.State };
        _guardInputs = null;
        return true;
    }

    // A failing health check counts its failures without an event. Everything else is inspected every ten minutes, in case an event was
    // missed.
    private static bool IsAged(TrackedContainer container, DateTimeOffset at) =>
        container.Facts.Healthcheck == "unhealthy"
        || container.FailedInspections > 0
        || container.Facts.Unreadable is not null
        || at - container.SeenAt > OldestFacts;
}
