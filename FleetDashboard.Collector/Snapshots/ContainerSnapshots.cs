using System.Collections.Immutable;
using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>One container as it crosses the wire.</summary>
internal static class ContainerSnapshots
{
    public static ContainerSnapshot Create(
        ActionTarget target,
        Stats? stats,
        HealthColor color,
        ImmutableArray<HealthReason> reasons,
        Dictionary<string, string> names,
        ImmutableArray<ActionRefusal> usual
    )
    {
        var (facts, ruling) = (target.Facts, target.Ruling);
        var running = facts.State is "running" or "paused" or "restarting";
        return new ContainerSnapshot
        {
            Id = facts.Id,
            Name = facts.Name,
            Service = AppGrouping.ServiceName(facts, target.App),
            Image = facts.Image,
            State = facts.State,
            Healthcheck = facts.Healthcheck,
            Color = color,
            Reasons = reasons,
            CpuCores = facts.IsRunning ? stats?.CpuCores : null,
            CpuLimitCores = facts.CpuLimitCores,
            CpuThrottled = stats?.CpuThrottled,
            MemoryBytes = stats?.MemoryBytes,
            MemoryLimitBytes = facts.MemoryLimitBytes,
            NetworkReceiveRate = stats?.ReceiveRate,
            NetworkSendRate = stats?.SendRate,
            BlockReadRate = stats?.BlockReadRate,
            BlockWriteRate = stats?.BlockWriteRate,
            Pids = stats?.Pids,
            SampledAt = stats?.SampledAt,
            NetworkSampledAt = stats?.NetworkSampledAt,
            Restarts = facts.RestartCount,
            ExitCode =
                facts.State == "created" ? null
                : running && facts.State != "restarting" ? null
                : facts.ExitCode,
            OomKilled = facts.OomKilled,
            CreatedAt = facts.CreatedAt,
            StartedAt = facts.StartedAt,
            FinishedAt = facts.FinishedAt,
            NetworkMode = NetworkMode(facts, names),
            Database = DatabaseKinds.KindOf(facts),
            Protected = ruling.Protection is not null,
            ProtectedReason = ruling.Protection?.Reason,
            UpdateAvailable = target.UpdateAvailable,
            Order = target.Order,
            Actions = ruling.Allowed,
            Refusals = ruling.Protection is null ? [.. ruling.Refused.Except(usual)] : [],
        };
    }

    private static string NetworkMode(ContainerFacts facts, Dictionary<string, string> names) =>
        facts.NetworkMode switch
        {
            "host" or "none" => facts.NetworkMode,
            var mode when SharedNamespace.OwnerIn(mode) is { } owner => SharedNamespace.Prefix + names.GetValueOrDefault(owner, owner),
            _ => facts.Networks is [var first, ..] ? first.Name : facts.NetworkMode,
        };
}
