using System.Collections.Concurrent;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Sampling;

/// <summary>The stats of each container and app in the last hour. One writer; safe to read from anywhere.</summary>
internal sealed class StatsHistory
{
    private readonly ConcurrentDictionary<string, HistoryRing> _containers = new();
    private readonly ConcurrentDictionary<string, HistoryRing> _apps = new();

    /// <param name="id">The container.</param>
    /// <param name="stats">Its stats.</param>
    /// <param name="pace">How long after the last reading this one was due.</param>
    public void AddContainer(string id, Stats stats, TimeSpan pace) =>
        _containers.GetOrAdd(id, static _ => new HistoryRing()).Add(stats, pace);

    /// <summary>Adds the sum over the containers of an app. It outlives them: a recreated app keeps its history.</summary>
    public void AddApp(string app, IReadOnlyCollection<Stats> containers, TimeSpan pace = default)
    {
        var ring = _apps.GetOrAdd(app, static _ => new HistoryRing());
        if (containers.Count > 0)
        {
            ring.Add(
                containers.Max(one => one.SampledAt),
                Sum(one => one.CpuCores),
                Sum(one => one.MemoryBytes),
                Sum(one => one.ReceiveRate),
                Sum(one => one.SendRate),
                Sum(one => one.BlockReadRate),
                Sum(one => one.BlockWriteRate),
                pace
            );
        }

        // The first reading has no rates, which leaves a gap.
        double? Sum(Func<Stats, double?> value) => KnownSum.Total(containers, value);
    }

    public void ForgetContainer(string id) => _containers.TryRemove(id, out _);

    public void KeepApps(IReadOnlySet<string> names)
    {
        foreach (var name in _apps.Keys.Where(name => !names.Contains(name)))
        {
            _apps.TryRemove(name, out _);
        }
    }

    public Trend? AppTrend(string app) => _apps.GetValueOrDefault(app)?.ToTrend();

    public History OfApp(string app) => (_apps.GetValueOrDefault(app) ?? new HistoryRing()).ToHistory();

    public History OfContainer(string id) => (_containers.GetValueOrDefault(id) ?? new HistoryRing()).ToHistory();
}
