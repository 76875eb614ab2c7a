using System.Collections.Immutable;

namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>The current state of a container. The fleet replaces it as a whole, so readers never see half a change.</summary>
internal sealed record ContainerState
{
    public required RunStatus Status { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public DateTimeOffset? PausedAt { get; init; }
    public int ExitCode { get; init; }
    public int RestartCount { get; init; }
    public int Pid { get; init; }
    public bool OomKilled { get; init; }

    /// <summary>Set when the container was stopped by hand. It then stays stopped, regardless of the restart policy.</summary>
    public bool StoppedByHand { get; init; }

    public HealthState? Health { get; init; }

    /// <summary>How long the engine waits before the next restart. Doubles after each quick exit.</summary>
    public TimeSpan Backoff { get; init; }

    /// <summary>Counts changes, so that a change scheduled for an earlier state is recognised as outdated.</summary>
    public long Generation { get; init; }

    /// <summary>CPU seconds used before <see cref="CountFrom"/>, up to the time of the pause.</summary>
    public double CpuCarried { get; init; }

    public DateTimeOffset CountFrom { get; init; }

    /// <summary>The last runs, oldest first. The log is generated from them.</summary>
    public ImmutableArray<Run> Runs { get; init; } = [];

    public bool IsUp => Status is RunStatus.Running or RunStatus.Paused;
}

internal enum RunStatus
{
    Created,
    Running,
    Paused,
    Restarting,
    Exited,
}

/// <param name="Status">The engine's values: starting, healthy, unhealthy.</param>
/// <param name="Since">When the first probe with this status ran.</param>
internal sealed record HealthState(string Status, DateTimeOffset Since)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    public const int Retries = 3;
}

internal readonly record struct Run(DateTimeOffset Start, DateTimeOffset? End, int ExitCode);
