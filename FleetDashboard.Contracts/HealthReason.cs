namespace FleetDashboard.Contracts;

/// <summary>Why a container is not green.</summary>
/// <param name="Container">The container's name.</param>
/// <param name="Code">A stable code for machines, one of <see cref="ReasonCodes"/>.</param>
/// <param name="Text">The reason for people, without the container's name, e.g. <c>memory at 93 % of its limit for 4 min</c>.</param>
/// <param name="Color">The severity.</param>
public sealed record HealthReason(string Container, string Code, string Text, HealthColor Color);

/// <summary>The codes a <see cref="HealthReason"/> can carry.</summary>
public static class ReasonCodes
{
    public const string Exited = "exited";
    public const string Dead = "dead";
    public const string StartFailed = "start-failed";
    public const string RestartLoop = "restart-loop";
    public const string Unhealthy = "unhealthy";
    public const string OutOfMemory = "oom-killed";
    public const string HealthStarting = "health-starting";
    public const string Paused = "paused";
    public const string Stopped = "stopped";
    public const string CpuHigh = "cpu-high";
    public const string CpuThrottled = "cpu-throttled";
    public const string MemoryHigh = "memory-high";
    public const string Restarted = "restarted";
    public const string FiguresOverdue = "figures-overdue";
    public const string Created = "created";
    public const string Finished = "finished";

    /// <summary>The engine lists it but cannot describe it.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>It runs in the network of a container that is gone, stopped, or was restarted after it.</summary>
    public const string NetworkGone = "network-gone";

    /// <summary>The engine reports a state that this version does not support.</summary>
    public const string UnknownState = "unknown-state";

    /// <summary>Codes for the end of a container: its last log lines explain it.</summary>
    public static IReadOnlySet<string> AreAboutAnEnd { get; } =
        new HashSet<string>(StringComparer.Ordinal) { Exited, Dead, RestartLoop, OutOfMemory, Stopped, Restarted };
}
