namespace FleetDashboard.Collector.Sampling;

/// <summary>A running container whose figures are wanted, with what leads to its cgroup.</summary>
/// <param name="Id">Its full id.</param>
/// <param name="StartedAt">When this run of it began (UTC): another run has other counters.</param>
/// <param name="Pid">Its first process by the host's numbers; 0 where the engine does not say.</param>
/// <param name="CgroupPath">Where its cgroup is by the engine's driver and parent, below the root of the tree.</param>
/// <param name="Interfaces">How many interfaces it has: 0 for a network that is not its own (host, none); null where that is not
/// known.</param>
internal sealed record SampleTarget(string Id, DateTimeOffset? StartedAt, int Pid, string CgroupPath, int? Interfaces);
