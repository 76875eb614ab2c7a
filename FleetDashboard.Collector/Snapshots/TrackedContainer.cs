using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Collector.Metadata;
using FleetDashboard.Collector.Sampling;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>The state of one container in the <see cref="Inventory"/>.</summary>
internal sealed class TrackedContainer(ContainerFacts facts, DateTimeOffset seenAt)
{
    public ContainerFacts Facts { get; private set; } = facts;

    /// <summary>The state in the engine's last list. Some engines list another state than they report when inspected, for good.</summary>
    public string ListedState { get; set; } = facts.State;

    /// <summary>The health in the last health event; null before the first.</summary>
    public string? ReportedHealth { get; set; }

    /// <summary>Inspections that failed in a row.</summary>
    public int FailedInspections { get; private set; }

    /// <summary>When it was last inspected.</summary>
    public DateTimeOffset SeenAt { get; private set; } = seenAt;

    /// <summary>Since when stats could have been received.</summary>
    public DateTimeOffset WatchedSince { get; private set; } = seenAt;

    /// <summary>The last reading of this run.</summary>
    public RawStats? Counters { get; private set; }

    public Stats? Stats { get; private set; }
    public Alarms Alarms { get; private set; }

    public void Update(ContainerFacts facts, DateTimeOffset at)
    {
        // A new run has new counters and no alarms.
        if (facts.StartedAt != Facts.StartedAt || facts.State is not ("running" or "paused"))
        {
            (Counters, Stats, Alarms, WatchedSince) = (null, null, default, at);
        }

        (Facts, SeenAt, FailedInspections) = (facts, at, 0);
    }

    /// <summary>
    /// An inspection failed. The last facts stay. From the second failure in a row the container is flagged as unreadable, with the state
    /// of the engine's list.
    /// </summary>
    public void Fail(string why)
    {
        const int flagged = 2;
        FailedInspections++;
        if (FailedInspections >= flagged || Facts.Unreadable is not null)
        {
            Facts = Facts with { Unreadable = why, State = ListedState };
        }
    }

    /// <summary>Replaces the labels, when the labels of its image changed.</summary>
    public void Relabel(ContainerFacts facts) => Facts = facts;

    /// <summary>Adds one reading of its counters, and returns the stats.</summary>
    public Stats Sample(RawStats counters, Thresholds thresholds, int hostCpus)
    {
        Stats = Stats.From(Counters, counters, Stats, hostCpus);
        Counters = counters;
        Alarms = Alarms.Observe(
            Stats.MemoryBytes / (double?)Facts.MemoryLimitBytes,
            Stats.CpuCores / Facts.CpuLimitCores,
            Stats.CpuThrottled,
            counters.ReadAt,
            thresholds
        );
        return Stats;
    }
}
