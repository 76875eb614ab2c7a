using System.Collections.Immutable;

namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>What a container does at this moment. Replaced as a whole by the fleet, so readers never see half a change.</summary>
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

    /// <summary>Whoever stopped it by hand wants it to stay down, whatever the restart policy says.</summary>
    public bool StoppedByHand { get; init; }

    public HealthState? Health { get; init; }

    /// <summary>How long the engine waits before the next start; doubles with each quick death.</summary>
    public TimeSpan Backoff { get; init; }

    /// <summary>Counts changes, so that what was planned for an earlier life is recognised as stale.</summary>
    public long Generation { get; init; }

    /// <summary>Core seconds used before <see cref="CountFrom"/>: what had been used when it was paused.</summary>
    public double CpuCarried { get; init; }

    public DateTimeOffset CountFrom { get; init; }

    /// <summary>The last runs, oldest first: what the log is told from.</summary>
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

/// <param name="Status">In the engine's words: starting, healthy, unhealthy.</param>
/// <param name="Since">When the first probe of this streak ran.</param>
internal sealed record HealthState(string Status, DateTimeOffset Since)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    public const int Retries = 3;
}

internal readonly record struct Run(DateTimeOffset Start, DateTimeOffset? End, int ExitCode);
