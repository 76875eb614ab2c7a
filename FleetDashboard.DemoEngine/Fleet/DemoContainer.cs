namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>A container's settings and state, and the stats computed from both and the time.</summary>
internal sealed class DemoContainer(ContainerPlan plan, ContainerState state)
{
    private ContainerState _state = state;

    public ContainerPlan Plan { get; } = plan;

    /// <summary>Written only by <see cref="DemoFleet"/>, under its lock.</summary>
    public ContainerState State
    {
        get => Volatile.Read(ref _state);
        set => Volatile.Write(ref _state, value);
    }

    public double Seconds(DateTimeOffset at) => (at - Plan.Created).TotalSeconds;

    /// <summary>CPU seconds since the start of this run. The kernel starts at zero for each run.</summary>
    public double CpuSeconds(ContainerState state, DateTimeOffset at)
    {
        var until = state.PausedAt is { } paused && paused < at ? paused : at;
        return until <= state.CountFrom ? state.CpuCarried : state.CpuCarried + Plan.Cpu.Between(Seconds(state.CountFrom), Seconds(until));
    }

    /// <summary>Bytes in use, without the page cache.</summary>
    public long MemoryUsed(ContainerState state, DateTimeOffset at)
    {
        var age = state.StartedAt is { } started ? (at - started).TotalSeconds : 0;
        // A process fills its memory in its first minute. A memory-tight container has done so immediately.
        var warmth = Plan.Behavior == Behavior.MemoryTight ? 1 : 1 - 0.6 * Math.Exp(-Math.Max(age, 0) / 20);
        var used = (long)(Plan.Memory.At(Seconds(at)) * warmth);
        return Plan.MemoryLimit > 0 ? Math.Min(used, Plan.MemoryLimit) : used;
    }

    /// <summary>The number of consecutive health check failures, which grows with time.</summary>
    public int FailingStreak(ContainerState state, DateTimeOffset at) =>
        state.Health is { } health && Plan.Behavior == Behavior.Unhealthy && state.Status == RunStatus.Running
            ? Math.Max(0, (int)((at - health.Since) / HealthState.Interval))
            : 0;
}
