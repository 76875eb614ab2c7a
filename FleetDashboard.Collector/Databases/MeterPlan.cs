using System.Collections.Immutable;

namespace FleetDashboard.Collector.Databases;

/// <summary>
/// Which container is looked into next: new ones at once, then each once an interval and spread over it, failing ones ever more
/// seldom. Pure but for what it remembers; knows no clock.
/// </summary>
internal sealed class MeterPlan(TimeSpan interval)
{
    /// <summary>So long after its start a server may still be on its way.</summary>
    private static readonly TimeSpan Youth = TimeSpan.FromMinutes(5);

    /// <summary>So often what was not the database's fault is tried again soon.</summary>
    private const int PatientTries = 3;

    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromHours(1);

    /// <summary>Room in a round, so that a slow look does not push the others out of it.</summary>
    private const double Packing = 0.95;

    private readonly Dictionary<string, PlannedTarget> _entries = [];
    private DateTimeOffset _lastAgain;

    /// <summary>The one whose time has come; null for none.</summary>
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

        // The first round takes them one after another; from then on this keeps them apart, for good.
        if (now - _lastAgain < interval * Packing / targets.Length)
        {
            return null;
        }

        _lastAgain = now;
        return due;
    }

    /// <summary>Notes how it went; a null reading is one that could not be taken for reasons that are not the database's.</summary>
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
