using System.Collections.Immutable;

namespace FleetDashboard.Collector.Engine;

/// <summary>What the engine says of one container. The environment, the command and the mounts are not kept.</summary>
internal sealed record ContainerFacts
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Image { get; init; }

    /// <summary>The id of the image it was made from, <c>sha256:…</c>; empty where the engine does not say.</summary>
    public string ImageId { get; init; } = "";

    public required ImmutableDictionary<string, string> Labels { get; init; }

    /// <summary>All labels that the engine reported; null where none was left out of <see cref="Labels"/>.</summary>
    public ImmutableDictionary<string, string>? ReportedLabels { get; init; }

    /// <summary>created, running, paused, restarting, removing, exited or dead.</summary>
    public required string State { get; init; }

    /// <summary>
    /// none, starting, healthy or unhealthy; none unless it runs: afterwards the engine says unhealthy of the healthiest.
    /// </summary>
    public required string Healthcheck { get; init; }

    /// <summary>Failed probes in a row.</summary>
    public int FailingStreak { get; init; }

    /// <summary>How long a healthcheck may say "starting": its start period, and the time for one probe after it.</summary>
    public TimeSpan HealthGrace { get; init; }

    /// <summary>True for one that the engine removes when it stops (<c>--rm</c>).</summary>
    public bool AutoRemove { get; init; }

    /// <summary>no, always, unless-stopped or on-failure.</summary>
    public required string RestartPolicy { get; init; }

    public int RestartCount { get; init; }
    public int ExitCode { get; init; }

    /// <summary>Why the engine could not start it; empty otherwise.</summary>
    public string Error { get; init; } = "";

    public bool OomKilled { get; init; }

    /// <summary>Its first process by the host's numbers; 0 while it has none.</summary>
    public int Pid { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How long it may take to stop before it is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The kind of database that its program, its environment or its ports give away, whatever its image is called; null for none.
    /// </summary>
    public string? DatabaseTrace { get; init; }

    /// <summary>The database that the places of its volumes or its ports suggest; null for none.</summary>
    public string? DatabaseHint { get; init; }

    /// <summary>Cores it may use; null for all.</summary>
    public double? CpuLimitCores { get; init; }

    /// <summary>Bytes it may use; null for all.</summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>What it was asked for in the kernel's own terms, and where its cgroup is.</summary>
    public ContainerSpec Spec { get; init; } = new();

    /// <summary>As the engine has it: <c>default</c>, <c>host</c>, <c>none</c>, <c>container:ID</c> or a network's name.</summary>
    public required string NetworkMode { get; init; }

    /// <summary>What it uses of other containers, each gone with that one.</summary>
    public ImmutableArray<SharedNamespace> Borrows { get; init; } = [];

    /// <summary>The containers that it names in its settings (<c>--volumes-from</c>, <c>--link</c>).</summary>
    public ImmutableArray<ContainerReference> References { get; init; } = [];

    /// <summary>True where it has a terminal: its log is then one stream without frames.</summary>
    public bool Terminal { get; init; }

    /// <summary>What takes its log: json-file, local, journald, none ...; empty where the engine does not say.</summary>
    public string LogDriver { get; init; } = "";

    public ImmutableArray<NetworkAttachment> Networks { get; init; } = [];
    public ImmutableArray<PortClaim> Ports { get; init; } = [];

    /// <summary>
    /// Why the engine could not describe it; null where it did. What stands here is then from its list, or from an earlier inspection.
    /// </summary>
    public string? Unreadable { get; init; }

    /// <summary>True for a run of <c>docker compose run</c>: a task by hand, and no part of the app's steady state.</summary>
    public bool IsOneOff =>
        Labels.TryGetValue("com.docker.compose.oneoff", out var value) && value.Equals("true", StringComparison.OrdinalIgnoreCase);

    public bool IsRunning => State == "running";

    /// <summary>True for a policy that brings it back whenever it ends.</summary>
    public bool ShouldAlwaysRun => RestartPolicy is "always" or "unless-stopped";
}

/// <summary>A container's place on a network.</summary>
internal sealed record NetworkAttachment(string NetworkId, string Name, ImmutableArray<string> Addresses);

/// <summary>A port of the host that a container claims; port 0 while the engine has yet to choose.</summary>
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
    /// The host's interface that a macvlan or ipvlan network is attached to; null for others and where the engine does not say.
    /// </summary>
    public string? Parent { get; init; }
}

/// <summary>
/// One container of the engine's list: enough to see that something changed, and to show the container where it cannot be inspected.
/// </summary>
/// <param name="Id">Its full id.</param>
/// <param name="State">As in <see cref="ContainerFacts.State"/>.</param>
internal sealed record ListedContainer(string Id, string State)
{
    /// <summary>Its name; the short id where the list has none.</summary>
    public string Name { get; init; } = ShortId.From(Id);

    public string Image { get; init; } = "";
    public string ImageId { get; init; } = "";
    public ImmutableDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;
    public DateTimeOffset? CreatedAt { get; init; }
    public string NetworkMode { get; init; } = "default";
    public ImmutableArray<PortClaim> Ports { get; init; } = [];
    public ImmutableArray<NetworkAttachment> Networks { get; init; } = [];

    /// <summary>The container as far as the list describes it.</summary>
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

/// <summary>Something happened at the engine.</summary>
/// <param name="At">When, by the engine's clock (UTC).</param>
/// <param name="Type">container, network or image.</param>
/// <param name="Action">create, start, die, oom, health_status ...</param>
/// <param name="Id">The container's id (also for a network's connect and disconnect), the network's or the image's.</param>
/// <param name="ExitCode">For die.</param>
/// <param name="Detail">For health_status the new health (healthy, unhealthy); null where the engine does not say.</param>
internal sealed record EngineEvent(DateTimeOffset At, string Type, string Action, string Id, int? ExitCode, string? Detail = null);
