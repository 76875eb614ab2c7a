using System.Collections.Concurrent;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Sampling;

/// <summary>The last hour of each container and each app. One writer; safe to read from anywhere.</summary>
internal sealed class StatsHistory
{
    private readonly ConcurrentDictionary<string, HistoryRing> _containers = new();
    private readonly ConcurrentDictionary<string, HistoryRing> _apps = new();

    /// <param name="id">The container.</param>
    /// <param name="figures">What it uses.</param>
    /// <param name="pace">How long after the last reading this one was due.</param>
    public void AddContainer(string id, Stats figures, TimeSpan pace) =>
        _containers.GetOrAdd(id, static _ => new HistoryRing()).Add(figures, pace);

    /// <summary>Adds the sum of what the containers of an app use now. Outlives them: an app that is recreated keeps its hour.</summary>
    public void AddApp(string app, IReadOnlyCollection<Stats> figures, TimeSpan pace = default)
    {
        var ring = _apps.GetOrAdd(app, static _ => new HistoryRing());
        if (figures.Count > 0)
        {
            ring.Add(
                figures.Max(one => one.SampledAt),
                Sum(one => one.CpuCores),
                Sum(one => one.MemoryBytes),
                Sum(one => one.ReceiveRate),
                Sum(one => one.SendRate),
                Sum(one => one.BlockReadRate),
                Sum(one => one.BlockWriteRate),
                pace
            );
        }

        // The first reading has no rates: that is a gap.
        double? Sum(Func<Stats, double?> figure) => KnownSum.Total(figures, figure);
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
