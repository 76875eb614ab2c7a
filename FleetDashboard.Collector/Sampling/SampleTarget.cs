namespace FleetDashboard.Collector.Sampling;

/// <summary>A running container to sample, with the data that leads to its cgroup.</summary>
/// <param name="Id">Its full id.</param>
/// <param name="StartedAt">When this run began (UTC). Each run has counters of its own.</param>
/// <param name="Pid">The PID of its first process on the host; 0 where the engine does not say.</param>
/// <param name="CgroupPath">The path of its cgroup below the root, derived from the engine's cgroup driver and parent.</param>
/// <param name="Interfaces">The number of its network interfaces: 0 for the networks host and none; null where it cannot be
/// derived.</param>
internal sealed record SampleTarget(string Id, DateTimeOffset? StartedAt, int Pid, string CgroupPath, int? Interfaces);
