using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace FleetDashboard.Contracts;

/// <summary>The containers that belong together, and their sums.</summary>
public sealed record AppSnapshot
{
    /// <summary>The app's name: unique on its host, as found in a label, a project or a name. Untrusted text.</summary>
    public required string Name { get; init; }

    /// <summary>The name to show on the page.</summary>
    public required string Title { get; init; }

    /// <summary>The app's address, http or https; null where fleet.yaml has none.</summary>
    public string? Link { get; init; }

    /// <summary>The owner from fleet.yaml.</summary>
    public string? Owner { get; init; }

    /// <summary>What to do when the app is down, http or https.</summary>
    public string? Runbook { get; init; }

    /// <summary>An emoji or up to three characters as its icon.</summary>
    public string? Icon { get; init; }

    /// <summary>What made these containers one app.</summary>
    public required AppOrigin Origin { get; init; }

    /// <summary>The colour of its worst container; grey only when all of them are.</summary>
    public required HealthColor Color { get; init; }

    /// <summary>CPU in use by all its containers, in cores; null when nothing in it runs or there are no samples yet.</summary>
    public double? CpuCores { get; init; }

    /// <summary>Sum of the CPU limits in cores; null unless every running container has one.</summary>
    public double? CpuLimitCores { get; init; }

    /// <summary>Memory in use without reclaimable page cache, in bytes.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Sum of the memory limits in bytes; null unless every running container has one.</summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>CPU of the recent past for a sparkline.</summary>
    public Trend? CpuTrend { get; init; }

    /// <summary>Why it is not green, worst first.</summary>
    public required ImmutableArray<HealthReason> Reasons { get; init; }

    /// <summary>Its containers, worst first, then by name.</summary>
    public required ImmutableArray<ContainerSnapshot> Containers { get; init; }

    /// <summary>The number of its containers that are up.</summary>
    public int ContainersUp => Containers.Count(container => container.Up);

    /// <summary>The number of running containers without a CPU sample: <see cref="CpuCores"/> leaves them out.</summary>
    [JsonIgnore]
    public int WithoutCpu => Containers.Count(container => container.State == "running" && container.CpuCores is null);

    /// <summary>The number of running containers without a memory sample: <see cref="MemoryBytes"/> leaves them out.</summary>
    [JsonIgnore]
    public int WithoutMemory => Containers.Count(container => container.State == "running" && container.MemoryBytes is null);

    /// <summary>Published ports, those of stopped containers too, by port.</summary>
    public required ImmutableArray<PortSnapshot> Ports { get; init; }

    /// <summary>The ports that fleet.yaml expects of it, in the order of the file.</summary>
    public ImmutableArray<ExpectedPortSnapshot> ExpectedPorts { get; init; } = [];

    /// <summary>The subnets that fleet.yaml expects it on.</summary>
    public ImmutableArray<ExpectedSubnetSnapshot> ExpectedSubnets { get; init; } = [];

    /// <summary>The networks its containers are on, by name.</summary>
    public required ImmutableArray<AppNetwork> Networks { get; init; }

    /// <summary>
    /// Databases inside its containers: by container, the largest first. A container whose databases could not be read yet has one entry
    /// with no name and the reason.
    /// </summary>
    public required ImmutableArray<DatabaseSnapshot> Databases { get; init; }

    /// <summary>Sum of the measured sizes of its databases in bytes; null where none was measured.</summary>
    public long? DatabaseBytes { get; init; }

    /// <summary>Sum of the measured growth of its databases over the last day in bytes; null where none was measured.</summary>
    public long? DatabaseGrowthBytes { get; init; }
}

/// <summary>A series for a sparkline: means over equal steps, oldest first.</summary>
/// <param name="StepSeconds">Length of one step in seconds.</param>
/// <param name="Values">One value for each step; null where nothing was measured.</param>
public sealed record Trend(int StepSeconds, ImmutableArray<float?> Values)
{
    /// <summary>Two trends are equal when they draw the same line. A card is drawn again only when its trend differs.</summary>
    public bool Equals(Trend? other) =>
        other is not null && StepSeconds == other.StepSeconds && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(StepSeconds, Values.Length, Values.IsEmpty ? null : Values[^1]);
}

/// <summary>A network that an app uses.</summary>
/// <param name="Name">The network's name.</param>
/// <param name="Driver">Its driver: bridge, overlay, macvlan, host, null ...</param>
/// <param name="Subnets">Its subnets in CIDR form.</param>
public sealed record AppNetwork(string Name, string Driver, ImmutableArray<string> Subnets);

/// <summary>A published port.</summary>
/// <param name="Address">The host address it listens on; <c>0.0.0.0</c> or <c>::</c> for all interfaces.</param>
/// <param name="Port">The host's port; 0 while the engine has not chosen one.</param>
/// <param name="Protocol">tcp, udp or sctp.</param>
/// <param name="Container">The name of the container that claims it.</param>
/// <param name="Target">The port inside the container.</param>
/// <param name="Conflict">True where another container claims the same port on an address that overlaps.</param>
public sealed record PortSnapshot(string Address, int Port, string Protocol, string Container, int Target, bool Conflict);

/// <summary>
/// The size of one database. When a new measurement fails, the last size stays with its age, beside the reason in <paramref name="Error"/>.
/// </summary>
/// <param name="Container">The container that holds it.</param>
/// <param name="Kind">postgresql, mysql, mariadb, redis, valkey or mongodb.</param>
/// <param name="Name">The database's name; <c>memory</c> for Redis and Valkey, which are measured as a whole; empty where no database of
/// the container was found. Untrusted text.</param>
/// <param name="Bytes">Its size in bytes; null where it was not measured. On disk; for Redis and Valkey the memory in use.</param>
/// <param name="MeasuredAt">When it was measured (UTC).</param>
/// <param name="Error">Why it could not be measured, or not again; null where it could.</param>
/// <param name="GrowthBytes">The change of <paramref name="Bytes"/> over the last 24 hours, in bytes, negative where it shrank; null until
/// there are measurements of a day.</param>
public sealed record DatabaseSnapshot(
    string Container,
    string Kind,
    string Name,
    long? Bytes,
    DateTimeOffset? MeasuredAt,
    string? Error,
    long? GrowthBytes = null
);
