using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace FleetDashboard.Contracts;

/// <summary>One container. Its environment is never part of this.</summary>
public sealed record ContainerSnapshot
{
    /// <summary>The full id, 64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The container's name without the leading slash.</summary>
    public required string Name { get; init; }

    /// <summary>Its name inside its app: the Compose service, or the name without the app's prefix.</summary>
    public required string Service { get; init; }

    /// <summary>The image reference it was created from.</summary>
    public required string Image { get; init; }

    /// <summary>created, running, paused, restarting, removing, exited or dead.</summary>
    public required string State { get; init; }

    /// <summary>none, starting, healthy or unhealthy.</summary>
    public required string Healthcheck { get; init; }

    /// <summary>Its health.</summary>
    public required HealthColor Color { get; init; }

    /// <summary>Why it is not green, worst first.</summary>
    public required ImmutableArray<HealthReason> Reasons { get; init; }

    /// <summary>CPU in use in cores; null where there is no sample.</summary>
    public double? CpuCores { get; init; }

    /// <summary>Its CPU limit in cores; null when it may use all of the host.</summary>
    public double? CpuLimitCores { get; init; }

    /// <summary>
    /// Share of its CPU periods in which it was throttled between the last two samples, 0 to 1; null where it has no limit.
    /// </summary>
    public double? CpuThrottled { get; init; }

    /// <summary>Memory in use without reclaimable page cache, in bytes; null where there is no sample.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Its memory limit in bytes; null for none.</summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>CPU in use as a share of its limit, 0 to 1; null where there is no limit or no sample.</summary>
    public double? CpuShare => CpuLimitCores > 0 && CpuCores is { } used ? Share(used / CpuLimitCores.Value) : null;

    /// <summary>Memory in use as a share of its limit, 0 to 1; null where there is no limit or no sample.</summary>
    public double? MemoryShare => MemoryLimitBytes > 0 && MemoryBytes is { } used ? Share((double)used / MemoryLimitBytes.Value) : null;

    /// <summary>True while it runs and is not red.</summary>
    public bool Up => State == "running" && Color != HealthColor.Red;

    /// <summary>True while its processes exist.</summary>
    [JsonIgnore]
    public bool HasProcesses => State is "running" or "paused";

    /// <summary>True while the engine keeps its published ports open.</summary>
    [JsonIgnore]
    public bool HoldsPorts => State is "running" or "paused" or "restarting";

    /// <summary>Bytes received a second over all its interfaces; null where it has no network of its own.</summary>
    public double? NetworkReceiveRate { get; init; }

    /// <summary>Bytes sent a second over all its interfaces.</summary>
    public double? NetworkSendRate { get; init; }

    /// <summary>Bytes read from block devices a second.</summary>
    public double? BlockReadRate { get; init; }

    /// <summary>Bytes written to block devices a second.</summary>
    public double? BlockWriteRate { get; init; }

    /// <summary>The number of its processes and threads.</summary>
    public long? Pids { get; init; }

    /// <summary>When the stats above were read (UTC); null where there are none.</summary>
    public DateTimeOffset? SampledAt { get; init; }

    /// <summary>True where new stats should have been read long ago.</summary>
    public bool Overdue { get; init; }

    /// <summary>
    /// When the network's rates were read (UTC), where that was earlier than <see cref="SampledAt"/>; null where it was not.
    /// </summary>
    public DateTimeOffset? NetworkSampledAt { get; init; }

    /// <summary>How often the engine has restarted it since it was last started by a user.</summary>
    public required int Restarts { get; init; }

    /// <summary>Its last exit code; null while it runs or when it never ran.</summary>
    public int? ExitCode { get; init; }

    /// <summary>True where the kernel killed it because memory ran out.</summary>
    public required bool OomKilled { get; init; }

    /// <summary>When it was created (UTC).</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it last started (UTC).</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it last ended (UTC).</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>host, none, <c>container:NAME</c>, or the name of its first network.</summary>
    public required string NetworkMode { get; init; }

    /// <summary>The kind of its database, as in <see cref="DatabaseSnapshot.Kind"/>; null for none.</summary>
    public string? Database { get; init; }

    /// <summary>
    /// True where the tag that it was created from names a newer image on this host. Also set for databases, for which no action is
    /// offered.
    /// </summary>
    public bool UpdateAvailable { get; init; }

    /// <summary>True where no action is offered because the container is protected.</summary>
    public required bool Protected { get; init; }

    /// <summary>Why it is protected, without a full stop.</summary>
    public string? ProtectedReason { get; init; }

    /// <summary>
    /// Its position among the containers of its app when an action takes them one at a time: dependencies first, else by start time.
    /// </summary>
    public int Order { get; init; }

    /// <summary>The names of the actions that are offered to an operator.</summary>
    public required ImmutableArray<string> Actions { get; init; }

    /// <summary>
    /// Why the other actions are not offered. Empty for a protected container, whose reason is <see cref="ProtectedReason"/>. Refusals that
    /// <see cref="FleetSnapshot.UsualRefusals"/> gives are left out.
    /// </summary>
    public ImmutableArray<ActionRefusal> Refusals { get; init; } = [];

    // Six digits: the exact fraction would be 17 characters for each container.
    private static double Share(double share) => Math.Round(Math.Clamp(share, 0, 1), 6);
}
