namespace FleetDashboard.Collector.Fleet;

/// <summary>
/// A figure that is watched: two bad samples in a row raise it, two good ones in a row clear it, so that nothing flaps. Immutable.
/// </summary>
/// <param name="Raised">True while the figure counts as bad.</param>
/// <param name="Since">When the first of the bad samples was taken (UTC).</param>
/// <param name="Streak">Samples in a row that contradict <paramref name="Raised"/>.</param>
internal readonly record struct Alarm(bool Raised, DateTimeOffset? Since, int Streak)
{
    private const int ToTurn = 2;

    /// <summary>The alarm after one more sample.</summary>
    public Alarm Observe(bool bad, DateTimeOffset at)
    {
        if (bad == Raised)
        {
            return new Alarm(Raised, Raised ? Since : null, 0);
        }

        var since = bad ? Since ?? at : Since;
        return Streak + 1 >= ToTurn
            ? new Alarm(bad, bad ? since : null, 0)
            : new Alarm(Raised, since, Streak + 1);
    }
}

/// <summary>What is watched of one container.</summary>
internal readonly record struct Alarms(Alarm Memory, Alarm Cpu, Alarm Throttled)
{
    public const double MemoryShare = 0.90;
    public const double CpuShare = 0.95;
    public const double ThrottledShare = 0.25;

    /// <summary>Throttled this often it is at its limit, whatever a short mean says.</summary>
    public const double AtLimitShare = 0.50;

    /// <summary>The alarms after one more sample of a running container.</summary>
    /// <param name="memoryShare">Memory as a share of its limit; null without one.</param>
    /// <param name="cpuShare">CPU as a share of its limit; null without one.</param>
    /// <param name="throttled">Share of throttled periods; null without a limit.</param>
    /// <param name="at">When it was taken.</param>
    public Alarms Observe(double? memoryShare, double? cpuShare, double? throttled, DateTimeOffset at) => new(
        Memory.Observe(memoryShare > MemoryShare, at),
        Cpu.Observe(cpuShare >= CpuShare || throttled >= AtLimitShare, at),
        Throttled.Observe(throttled >= ThrottledShare, at));
}
