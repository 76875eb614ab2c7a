using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Fleet;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.Contracts;

namespace FleetDashboard.Collector.Snapshots;

/// <summary>One container as it crosses the wire.</summary>
internal static class ContainerSnapshots
{
    public static ContainerSnapshot Of(
        ContainerFacts facts, Figures? figures, string app, string? forbidden, HealthColor color, ImmutableArray<HealthReason> reasons, Dictionary<string, string> names)
    {
        var service = AppGrouping.ServiceName(facts, app);
        var protection = DatabaseKinds.ReasonOf(facts, service) ?? forbidden;
        var running = facts.State is "running" or "paused" or "restarting";
        return new ContainerSnapshot
        {
            Id = facts.Id,
            Name = facts.Name,
            Service = service,
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
            Restarts = facts.RestartCount,
            ExitCode = facts.State == "created" ? null : running && facts.State != "restarting" ? null : facts.ExitCode,
            OomKilled = facts.OomKilled,
            CreatedAt = facts.CreatedAt,
            StartedAt = facts.StartedAt,
            FinishedAt = facts.FinishedAt,
            NetworkMode = NetworkMode(facts, names),
            Database = DatabaseKinds.KindOf(facts),
            Protected = protection is not null,
            ProtectedReason = protection,
            Actions = [],
        };
    }

    private static string NetworkMode(ContainerFacts facts, Dictionary<string, string> names)
    {
        const string prefix = "container:";
        return facts.NetworkMode switch
        {
            "host" or "none" => facts.NetworkMode,
            var mode when mode.StartsWith(prefix, StringComparison.Ordinal) => prefix + names.GetValueOrDefault(mode[prefix.Length..], mode[prefix.Length..]),
            _ => facts.Networks is [var first, ..] ? first.Name : facts.NetworkMode,
        };
    }
}
