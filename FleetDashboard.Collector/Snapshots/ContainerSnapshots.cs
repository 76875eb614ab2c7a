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
    // Said of nearly every container, these would be half of the snapshot.
    private static readonly string[] HasNothingToDo = [RefusalCodes.ActionsOff, RefusalCodes.NoNewerImage, RefusalCodes.NothingToBuild];

    public static ContainerSnapshot Create(
        ActionTarget target,
        Stats? figures,
        HealthColor color,
        ImmutableArray<HealthReason> reasons,
        Dictionary<string, string> names
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
            CpuCores = facts.IsRunning ? figures?.CpuCores : null,
            CpuLimitCores = facts.CpuLimitCores,
            CpuThrottled = figures?.CpuThrottled,
            MemoryBytes = figures?.MemoryBytes,
            MemoryLimitBytes = facts.MemoryLimitBytes,
            NetworkReceiveRate = figures?.ReceiveRate,
            NetworkSendRate = figures?.SendRate,
            BlockReadRate = figures?.BlockReadRate,
            BlockWriteRate = figures?.BlockWriteRate,
            Pids = figures?.Pids,
            SampledAt = figures?.SampledAt,
            NetworkSampledAt = figures?.NetworkSampledAt,
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
            Actions = ruling.Allowed,
            Refusals = ruling.Protection is null ? [.. ruling.Refused.Where(refusal => !HasNothingToDo.Contains(refusal.Code))] : [],
        };
    }

    private static string NetworkMode(ContainerFacts facts, Dictionary<string, string> names)
    {
        const string prefix = "container:";
        return facts.NetworkMode switch
        {
            "host" or "none" => facts.NetworkMode,
            var mode when mode.StartsWith(prefix, StringComparison.Ordinal) => prefix
                + names.GetValueOrDefault(mode[prefix.Length..], mode[prefix.Length..]),
            _ => facts.Networks is [var first, ..] ? first.Name : facts.NetworkMode,
        };
    }
}
