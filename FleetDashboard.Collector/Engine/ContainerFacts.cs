using System.Collections.Immutable;

namespace FleetDashboard.Collector.Engine;

/// <summary>One container as the engine inspected it. Environment, command and mounts are not kept: they may hold secrets.</summary>
internal sealed record ContainerFacts
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Image { get; init; }

    /// <summary>The id of its image, <c>sha256:…</c>; empty where the engine does not say.</summary>
    public string ImageId { get; init; } = "";

    public required ImmutableDictionary<string, string> Labels { get; init; }

    /// <summary>All labels that the engine reported; null where <see cref="Labels"/> has all of them.</summary>
    public ImmutableDictionary<string, string>? ReportedLabels { get; init; }

    /// <summary>created, running, paused, restarting, removing, exited or dead.</summary>
    public required string State { get; init; }

    /// <summary>
    /// none, starting, healthy or unhealthy. Always none while it does not run: the engine reports every stopped container as unhealthy.
    /// </summary>
    public required string Healthcheck { get; init; }

    /// <summary>Failed health checks in a row.</summary>
    public int FailingStreak { get; init; }

    /// <summary>How long the health may be "starting": the start period and one health check.</summary>
    public TimeSpan HealthGrace { get; init; }

    /// <summary>True where the engine removes the container when it stops (<c>--rm</c>).</summary>
    public bool AutoRemove { get; init; }

    /// <summary>no, always, unless-stopped or on-failure.</summary>
    public required string RestartPolicy { get; init; }

    public int RestartCount { get; init; }
    public int ExitCode { get; init; }

    /// <summary>Why the engine could not start it; empty where it could.</summary>
    public string Error { get; init; } = "";

    public bool OomKilled { get; init; }

    /// <summary>The PID of its first process on the host; 0 while it does not run.</summary>
    public int Pid { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How long it may take to stop before the engine kills it; infinite where it is never killed.</summary>
    public TimeSpan StopTimeout { get; init; } = DockerDefaults.StopTimeout;

    /// <summary>
    /// The kind of database that its program, environment or ports show, whatever the image's name is; null for none.
    /// </summary>
    public string? DatabaseTrace { get; init; }

    /// <summary>The kind of database that its volumes or ports suggest; null for none.</summary>
    public string? DatabaseHint { get; init; }

    /// <summary>Its CPU limit in cores; null for no limit.</summary>
    public double? CpuLimitCores { get; init; }

    /// <summary>Its memory limit in bytes; null for no limit.</summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>Its resource limits, and the path of its cgroup.</summary>
    public ContainerSpec Spec { get; init; } = new();

    /// <summary>As the engine writes it: <c>default</c>, <c>host</c>, <c>none</c>, <c>container:ID</c> or a network's name.</summary>
    public required string NetworkMode { get; init; }

    /// <summary>The namespaces of other containers that it lives in. Each ends with its owner.</summary>
    public ImmutableArray<SharedNamespace> Borrows { get; init; } = [];

    /// <summary>The containers that its settings name (<c>--volumes-from</c>, <c>--link</c>).</summary>
    public ImmutableArray<ContainerReference> References { get; init; } = [];

    /// <summary>True where it has a terminal. Its log is then one stream without frames.</summary>
    public bool Terminal { get; init; }

    /// <summary>Its log driver: json-file, local, journald, none ...; empty where the engine does not say.</summary>
    public string LogDriver { get; init; } = "";

    public ImmutableArray<NetworkAttachment> Networks { get; init; } = [];
    public ImmutableArray<PortClaim> Ports { get; init; } = [];

    /// <summary>
    /// Why it could not be inspected; null where it could. The other facts are then from the engine's list or an earlier inspection.
    /// </summary>
    public string? Unreadable { get; init; }

    /// <summary>True for a container of <c>docker compose run</c>: a manual task that does not count for the app's health.</summary>
    public bool IsOneOff =>
        Labels.TryGetValue("com.docker.compose.oneoff", out var value) && value.Equals("true", StringComparison.OrdinalIgnoreCase);

    public bool IsRunning => State == "running";

    /// <summary>True for a restart policy that restarts it whenever it ends.</summary>
    public bool ShouldAlwaysRun => RestartPolicy is "always" or "unless-stopped";
}

/// <summary>A container's attachment to a network.</summary>
internal sealed record NetworkAttachment(string NetworkId, string Name, ImmutableArray<string> Addresses);

/// <summary>A published port of a container. Port 0 where the engine has not chosen one yet.</summary>
internal sealed record PortClaim(string Address, int Port, string Protocol, int Target);

/// <summary>A network of the engine.</summary>
internal sealed record NetworkFacts(
    string Id,
    string Name,
    string Driver,
    bool Internal,
    ImmutableArray<(string Cidr, string? Gateway)> Subnets
)
{
    /// <summary>
    /// The parent interface of a macvlan or ipvlan network; null for other drivers and where the engine does not say.
    /// </summary>
    public string? Parent { get; init; }
}

/// <summary>
/// One container of the engine's list: enough to notice changes, and to show the container where it cannot be inspected.
/// </summary>
/// <param name="Id">Its full id.</param>
/// <param name="State">As in <see cref="ContainerFacts.State"/>.</param>
internal sealed record ListedContainer(string Id, string State)
{
    /// <summary>Its name, or its short id.</summary>
    public string Name { get; init; } = ShortId.From(Id);

    public string Image { get; init; } = "";
    public string ImageId { get; init; } = "";
    public ImmutableDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;
    public DateTimeOffset? CreatedAt { get; init; }
    public string NetworkMode { get; init; } = "default";
    public ImmutableArray<PortClaim> Ports { get; init; } = [];
    public ImmutableArray<NetworkAttachment> Networks { get; init; } = [];

    /// <summary>The container with the facts of the list.</summary>
    /// <param name="why">Why it could not be inspected.</param>
    public ContainerFacts ToFacts(string why) =>
        new()
        {
            Id = Id,
            Name = Name,
            Image = Image,
            ImageId = ImageId,
            Labels = Labels,
            State = State,
            Healthcheck = "none",
            RestartPolicy = "no",
            CreatedAt = CreatedAt,
            NetworkMode = NetworkMode,
            Networks = Networks,
            Ports = Ports,
            Unreadable = why,
        };
}

/// <summary>An event of the engine.</summary>
/// <param name="At">When, translated to our clock (UTC).</param>
/// <param name="Type">container, network or image.</param>
/// <param name="Action">create, start, die, oom, health_status ...</param>
/// <param name="Id">The container's id (also for a network's connect and disconnect), the network's or the image's.</param>
/// <param name="ExitCode">For die.</param>
/// <param name="Detail">For health_status the new health (healthy, unhealthy); null where the engine does not say.</param>
internal sealed record EngineEvent(DateTimeOffset At, string Type, string Action, string Id, int? ExitCode, string? Detail = null);
