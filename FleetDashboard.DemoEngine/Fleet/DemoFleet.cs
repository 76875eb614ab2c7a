using System.Collections.Concurrent;
using FleetDashboard.DemoEngine.Events;
using Microsoft.Extensions.Options;

namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>All containers. Readers need no lock. Every change is made under <see cref="Gate"/>.</summary>
internal sealed class DemoFleet
{
    private readonly ConcurrentDictionary<string, DemoContainer> _byId = new();
    private readonly ConcurrentDictionary<string, DemoContainer> _byName = new();
    private readonly FleetPlan _plan;
    private DemoContainer[] _all;

    public DemoFleet(IOptions<DemoOptions> options, EventHub events, TimeProvider time)
    {
        StartedAt = time.GetUtcNow();
        _plan = FleetPlan.Create(options.Value.Containers, options.Value.Seed, StartedAt);
        _all =
        [
            .. _plan
                .Containers.Select(plan => new DemoContainer(plan, InitialState.Create(plan, StartedAt)))
                .OrderByDescending(container => container.Plan.Created),
        ];
        foreach (var container in _all)
        {
            _byId[container.Plan.Id] = container;
            _byName[container.Plan.Name] = container;
        }

        Lifecycle = new ContainerLifecycle(new ContainerEvents(events), Schedule);
        foreach (var container in _all)
        {
            Lifecycle.Resume(container, StartedAt);
        }
    }

    public DateTimeOffset StartedAt { get; }

    public Lock Gate { get; } = new();

    public ChangeSchedule Schedule { get; } = new();

    public ContainerLifecycle Lifecycle { get; }

    /// <summary>All containers, the newest first, as the engine lists them.</summary>
    public IReadOnlyList<DemoContainer> All => Volatile.Read(ref _all);

    public IReadOnlyList<NetworkPlan> Networks => _plan.Networks;

    public IReadOnlyCollection<ImagePlan> Images => _plan.Images;

    /// <summary>Finds a container by full id, name, or an unambiguous id prefix.</summary>
    public DemoContainer? Find(string key)
    {
        if (_byId.TryGetValue(key, out var container) || _byName.TryGetValue(key.TrimStart('/'), out container))
        {
            return container;
        }

        var matches = All.Where(candidate => candidate.Plan.Id.StartsWith(key, StringComparison.Ordinal)).Take(2).ToList();
        return key.Length > 0 && matches.Count == 1 ? matches[0] : null;
    }

    public DemoContainer AddPassenger(long number, DateTimeOffset at)
    {
        var container = new DemoContainer(_plan.ShortLivedContainer(number, at), new ContainerState { Status = RunStatus.Created });
        _byId[container.Plan.Id] = container;
        _byName[container.Plan.Name] = container;
        Volatile.Write(ref _all, [container, .. _all]);
        Lifecycle.Create(container, at);
        return container;
    }

    public void Remove(DemoContainer container, DateTimeOffset at)
    {
        _byId.TryRemove(container.Plan.Id, out _);
        _byName.TryRemove(container.Plan.Name, out _);
        Volatile.Write(ref _all, [.. _all.Where(other => other != container)]);
        Lifecycle.Destroy(container, at);
    }
}
