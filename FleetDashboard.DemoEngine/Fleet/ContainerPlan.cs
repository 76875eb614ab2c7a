using System.Collections.Immutable;

namespace FleetDashboard.DemoEngine.Fleet;

/// <summary>The settings with which a container was created. They never change.</summary>
internal sealed record ContainerPlan
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required ContainerKind Kind { get; init; }
    public required ImagePlan Image { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required ulong Seed { get; init; }
    public required LoadCurve Cpu { get; init; }
    public required LoadCurve Memory { get; init; }

    public Behavior Behavior { get; init; }
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
    public ImmutableArray<PortPlan> Ports { get; init; } = [];
    public ImmutableArray<string> Environment { get; init; } = [];
    public ImmutableArray<string> Aliases { get; init; } = [];
    public NetworkPlan? Network { get; init; }
    public string NetworkMode { get; init; } = "bridge";
    public string Address { get; init; } = "";
    public string RestartPolicy { get; init; } = "unless-stopped";
    public long NanoCpus { get; init; }
    public long MemoryLimit { get; init; }
    public string? Volume { get; init; }
    public bool Tty { get; init; }
    public bool HasHealthcheck { get; init; }
}

internal enum ContainerKind
{
    Web,
    Worker,
    Postgres,
    MariaDb,
    Redis,
    Job,
}

/// <summary>How a container behaves while it is running.</summary>
internal enum Behavior
{
    Steady,
    CrashLoop,
    OutOfMemory,
    Unhealthy,
    Paused,
    Finished,
    MemoryTight,
    CpuBound,
}

internal sealed record PortPlan(int Target, int Published, string HostAddress = "");

internal sealed record ImagePlan(string Name, string Id, long Size, DateTimeOffset Created);

internal sealed record NetworkPlan(
    string Name,
    string Id,
    string Driver,
    string Scope,
    string Prefix,
    DateTimeOffset Created,
    ImmutableSortedDictionary<string, string> Labels
)
{
    /// <summary>Empty for host and none, which have no addresses.</summary>
    public string Subnet => Prefix.Length == 0 ? "" : Prefix + ".0/24";

    public string Gateway => Prefix.Length == 0 ? "" : Prefix + ".1";
}
