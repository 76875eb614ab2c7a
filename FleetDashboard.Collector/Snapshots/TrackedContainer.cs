using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Collector.Metadata;
using FleetDashboard.Collector.Sampling;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>All that is remembered of one container. Owned by <see cref="Inventory"/>, and so by its one writer.</summary>
internal sealed class TrackedContainer(ContainerFacts facts, DateTimeOffset seenAt)
{
    public ContainerFacts Facts { get; private set; } = facts;

    /// <summary>The state that the engine's list last gave it. Some engines list another one than they inspect, and stay so.</summary>
    public string ListedState { get; set; } = facts.State;

    /// <summary>The health that the last event told; null before one did.</summary>
    public string? ToldHealth { get; set; }

    /// <summary>Inspections that failed in a row.</summary>
    public int FailedInspections { get; private set; }

    /// <summary>When it was last inspected.</summary>
    public DateTimeOffset SeenAt { get; private set; } = seenAt;

    /// <summary>Since when figures could have come.</summary>
    public DateTimeOffset WatchedSince { get; private set; } = seenAt;

    /// <summary>The last reading of this run.</summary>
    public RawStats? Counters { get; private set; }

    public Stats? Stats { get; private set; }
    public Alarms Alarms { get; private set; }

    public void Update(ContainerFacts facts, DateTimeOffset at)
    {
        // A new run begins its counters anew, and owes nothing for the alarms of the last one.
        if (facts.StartedAt != Facts.StartedAt || facts.State is not ("running" or "paused"))
        {
            (Counters, Stats, Alarms, WatchedSince) = (null, null, default, at);
        }

        (Facts, SeenAt, FailedInspections) = (facts, at, 0);
    }

    /// <summary>
    /// An inspection failed. What was known stays; from the second failure in a row on it is marked, and has the state that the list gives.
    /// </summary>
    public void Fail(string why)
    {
        const int marked = 2;
        FailedInspections++;
        if (FailedInspections >= marked || Facts.Unreadable is not null)
        {
            Facts = Facts with { Unreadable = why, State = ListedState };
        }
    }

    /// <summary>The same container with the labels that count.</summary>
    public void Relabel(ContainerFacts facts) => Facts = facts;

    /// <summary>Takes over one reading of its counters, and returns what it says.</summary>
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
