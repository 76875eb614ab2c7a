namespace FleetDashboard.Contracts;

/// <summary>Something that happened to a container.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Container">The container's name.</param>
/// <param name="What">A stable code for machines, one of <see cref="StateChangeKinds"/>.</param>
/// <param name="Text">The change for people, without the container's name, e.g. <c>restarted after exit 3</c>.</param>
public sealed record StateChange(DateTimeOffset At, string Container, string What, string Text);

/// <summary>The kinds of a <see cref="StateChange"/>.</summary>
public static class StateChangeKinds
{
    public const string Created = "created";
    public const string Started = "started";

    /// <summary>Ended and started again, by itself or on request.</summary>
    public const string Restarted = "restarted";

    /// <summary>Ended because a user asked for it.</summary>
    public const string Stopped = "stopped";

    /// <summary>Ended with exit code 0.</summary>
    public const string Finished = "finished";

    /// <summary>Ended with another exit code, without a request.</summary>
    public const string Failed = "failed";
    public const string OutOfMemory = "oom";
    public const string Paused = "paused";
    public const string Resumed = "resumed";
    public const string Healthy = "healthy";
    public const string Unhealthy = "unhealthy";
}
