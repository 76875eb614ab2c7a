namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>A plan with a state, and the figures that follow from the two and the time.</summary>
internal sealed class DemoContainer(ContainerPlan plan, ContainerState state)
{
    private ContainerState _state = state;

    public ContainerPlan Plan { get; } = plan;

    /// <summary>Written by <see cref="DemoFleet"/> alone, under its lock.</summary>
    public ContainerState State
    {
        get => Volatile.Read(ref _state);
        set => Volatile.Write(ref _state, value);
    }

    public double Seconds(DateTimeOffset at) => (at - Plan.Created).TotalSeconds;

    /// <summary>Core seconds since the start of this run; the kernel begins again at zero with each.</summary>
    public double CpuSeconds(ContainerState state, DateTimeOffset at)
    {
        var until = state.PausedAt is { } paused && paused < at ? paused : at;
        return until <= state.CountFrom ? state.CpuCarried : state.CpuCarried + Plan.Cpu.Between(Seconds(state.CountFrom), Seconds(until));
    }

    /// <summary>Bytes in use, without the page cache.</summary>
    public long MemoryUsed(ContainerState state, DateTimeOffset at)
    {
        var age = state.StartedAt is { } started ? (at - started).TotalSeconds : 0;
        // A process fills its memory in its first minute; the tight one has done so at once.
        var warmth = Plan.Temper == Temper.MemoryTight ? 1 : 1 - 0.6 * Math.Exp(-Math.Max(age, 0) / 20);
        var used = (long)(Plan.Memory.At(Seconds(at)) * warmth);
        return Plan.MemoryLimit > 0 ? Math.Min(used, Plan.MemoryLimit) : used;
    }

    /// <summary>How often the healthcheck failed in a row: it grows with the time.</summary>
    public int FailingStreak(ContainerState state, DateTimeOffset at) =>
        state.Health is { } health && Plan.Temper == Temper.Unhealthy && state.Status == RunStatus.Running
            ? Math.Max(0, (int)((at - health.Since) / HealthState.Interval))
            : 0;
}
