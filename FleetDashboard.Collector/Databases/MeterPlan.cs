using System.Collections.Immutable;

namespace FleetDashboard.Collector.Databases;

/// <summary>
/// Decides which container is measured next: new ones at once, then each once per interval, spread over it. Failing ones are measured ever
/// less often. Has no clock of its own.
/// </summary>
internal sealed class MeterPlan(TimeSpan interval)
{
    /// <summary>How long after its start a server may still be starting.</summary>
    private static readonly TimeSpan Youth = TimeSpan.FromMinutes(5);

    /// <summary>How often a measurement is repeated soon where the engine failed, and not the database.</summary>
    private const int PatientTries = 3;

    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromHours(1);

    /// <summary>The share of the interval that is planned. The rest is left for slow measurements.</summary>
    private const double Packing = 0.95;

    private readonly Dictionary<string, PlannedTarget> _entries = [];
    private DateTimeOffset _lastAgain;

    /// <summary>The container that is due; null for none.</summary>
    public DatabaseTarget? Next(ImmutableArray<DatabaseTarget> targets, DateTimeOffset now)
    {
        foreach (var gone in _entries.Keys.Except(targets.Select(target => target.Id)).ToList())
        {
            _entries.Remove(gone);
        }

        foreach (var target in targets)
        {
            if (!_entries.TryGetValue(target.Id, out var known) || known.StartedAt != target.StartedAt)
            {
                _entries[target.Id] = new PlannedTarget(target.StartedAt, now, Failures: 0, IsUrgent: true);
            }
        }

        var due = targets
            .Where(target => _entries[target.Id].DueAt <= now)
            .OrderByDescending(target => _entries[target.Id].IsUrgent)
            .ThenBy(target => _entries[target.Id].DueAt)
            .FirstOrDefault();
        if (due is null || _entries[due.Id].IsUrgent)
        {
            return due;
        }

        // The first round measures one container after another. This keeps them apart from then on.
        if (now - _lastAgain < interval * Packing / targets.Length)
        {
            return null;
        }

        _lastAgain = now;
        return due;
    }

    /// <summary>Records the result. A null reading means that the engine failed, and not the database.</summary>
    public void Done(DatabaseTarget target, DatabaseReading? reading, DateTimeOffset now)
    {
        var failures = reading is { Error: null } ? 0 : _entries.GetValueOrDefault(target.Id)?.Failures + 1 ?? 1;
        var isYoung = now - target.StartedAt < Youth;
        var wait = reading switch
        {
            null when failures <= PatientTries => SoonAgain,
            { StartsUp: true } when isYoung => SoonAgain,
            { Error: null } => interval,
            null => BackOff(failures - PatientTries),
            _ => BackOff(failures),
        };
        _entries[target.Id] = new PlannedTarget(target.StartedAt, now + wait, failures, IsUrgent: wait == SoonAgain);
    }

    private TimeSpan BackOff(int failures)
    {
        var wait = interval * Math.Pow(2, Math.Min(failures - 1, 20));
        return wait < LongestBackOff ? wait : Max(LongestBackOff, interval);
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private sealed record PlannedTarget(DateTimeOffset? StartedAt, DateTimeOffset DueAt, int Failures, bool IsUrgent);
}
