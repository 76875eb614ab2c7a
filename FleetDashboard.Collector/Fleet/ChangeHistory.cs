using System.Collections.Concurrent;
using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Fleet;

/// <summary>The changes of each container in the last hour. Only the snapshot writer writes; reading is safe from any thread.</summary>
internal sealed class ChangeHistory(TimeProvider time)
{
    public const int MostOfAnApp = 200;

    private readonly ConcurrentDictionary<string, ChangeLog> _logs = new();

    public void Observe(EngineEvent what) => Put(what.Id, LogOf(what.Id).With(what));

    public void Compare(ContainerFacts before, ContainerFacts after, DateTimeOffset at) =>
        Put(after.Id, LogOf(after.Id).With(before, after, at));

    public void Forget(string id) => _logs.TryRemove(id, out _);

    /// <summary>The changes of several containers in the last hour, oldest first.</summary>
    public ImmutableArray<StateChange> Find(IEnumerable<ContainerSnapshot> containers)
    {
        var from = time.GetUtcNow() - ChangeLog.Window;
        return
        [
            .. containers
                .SelectMany(container =>
                    LogOf(container.Id).Since(from).Select(change => new StateChange(change.At, container.Name, change.What, change.Text))
                )
                .OrderBy(change => change.At)
                .ThenBy(change => change.Container, StringComparer.Ordinal)
                .TakeLast(MostOfAnApp),
        ];
    }

    private ChangeLog LogOf(string id) => _logs.GetValueOrDefault(id, ChangeLog.Empty);

    private void Put(string id, ChangeLog log)
    {
        if (!log.Changes.IsEmpty)
        {
            _logs[id] = log;
        }
    }
}
