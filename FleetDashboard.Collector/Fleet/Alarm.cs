using FleetDashboard.Collector.Metadata;

namespace FleetDashboard.Collector.Fleet;

/// <summary>
/// A value that is watched. Some bad samples in a row (two by default) raise the alarm, two good ones clear it, so it does not flap.
/// Immutable.
/// </summary>
/// <param name="Raised">True while the value counts as bad.</param>
/// <param name="Since">When the first of the bad samples was taken (UTC).</param>
/// <param name="Streak">Samples in a row that contradict <paramref name="Raised"/>.</param>
internal readonly record struct Alarm(bool Raised, DateTimeOffset? Since, int Streak)
{
    public const int ToTurn = 2;

    /// <summary>The alarm after one more sample.</summary>
    /// <param name="bad">Whether the sample is bad.</param>
    /// <param name="at">When it was taken.</param>
    /// <param name="toRaise">How many bad samples in a row raise the alarm.</param>
    public Alarm Observe(bool bad, DateTimeOffset at, int toRaise = ToTurn)
    {
        if (bad == Raised)
        {
            return new Alarm(Raised, Raised ? Since : null, 0);
        }

        var since = bad ? Since ?? at : Since;
        return Streak + 1 >= (bad ? toRaise : ToTurn) ? new Alarm(bad, bad ? since : null, 0) : new Alarm(Raised, since, Streak + 1);
    }
}

/// <summary>The alarms of one container.</summary>
internal readonly record struct Alarms(Alarm Memory, Alarm Cpu, Alarm Throttled)
{
    public const double MemoryShare = 0.90;
    public const double CpuShare = 0.95;
    public const double ThrottledShare = 0.25;

    /// <summary>From this share of throttled periods on, the container is at its CPU limit, whatever a short mean shows.</summary>
    public const double AtLimitShare = 0.50;

    /// <summary>The alarms after one more sample of a running container.</summary>
    /// <param name="memoryShare">Memory as a share of its limit; null without one.</param>
    /// <param name="cpuShare">CPU as a share of its limit; null without one.</param>
    /// <param name="throttled">Share of throttled periods; null without a limit.</param>
    /// <param name="at">When it was taken.</param>
    /// <param name="own">The thresholds of its app, where fleet.yaml has some.</param>
    public Alarms Observe(double? memoryShare, double? cpuShare, double? throttled, DateTimeOffset at, Thresholds own)
    {
        var (often, inARow) = (own.Throttled ?? ThrottledShare, own.Samples ?? Alarm.ToTurn);
        return new(
            Memory.Observe(memoryShare > (own.Memory ?? MemoryShare), at, inARow),
            Cpu.Observe(cpuShare >= (own.Cpu ?? CpuShare) || throttled >= Math.Max(AtLimitShare, often), at, inARow),
            Throttled.Observe(throttled >= often, at, inARow)
        );
    }
}
