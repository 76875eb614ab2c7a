using System.Collections.Immutable;
using System.Globalization;
using Docker.DotNet.Models;

namespace FleetDashboard.Collector.Engine;

/// <summary>Converts the engine's inspect answer to <see cref="ContainerFacts"/>.</summary>
internal static class ContainerMapper
{
    public static ContainerFacts Map(ContainerInspectResponse container, EngineClock clock)
    {
        var (state, host, config) = (container.State, container.HostConfig, container.Config);
        return new ContainerFacts
        {
            Id = container.ID ?? "",
            Name = Name(container),
            Image = EngineLimits.Cut(config?.Image ?? container.Image),
            ImageId = EngineLimits.Cut(container.Image),
            Labels = EngineJson.Limit(config?.Labels),
            State = ContainerStates.Normalize(state?.Status),
            Healthcheck = state is { Status: "running", Health.Status: "starting" or "healthy" or "unhealthy" }
                ? state.Health.Status
                : "none",
            FailingStreak = Math.Max(0, EngineLimits.Count(state?.Health?.FailingStreak ?? 0)),
            HealthGrace = HealthGrace(config?.Healthcheck),
            AutoRemove = host?.AutoRemove ?? false,
            RestartPolicy = PolicyName(host?.RestartPolicy),
            RestartCount = Math.Max(0, EngineLimits.Count(container.RestartCount)),
            ExitCode = EngineLimits.Count(state?.ExitCode ?? 0),
            Error = EngineLimits.Cut(state?.Error, EngineLimits.SentenceLength),
            OomKilled = state?.OOMKilled ?? false,
            Pid = Math.Max(0, EngineLimits.Count(state?.Pid ?? 0)),
            CreatedAt = clock.ToOurs(Utc(container.Created)),
            StartedAt = clock.ToOurs(Time(state?.StartedAt)),
            FinishedAt = clock.ToOurs(Time(state?.FinishedAt)),
            StopTimeout = StopTimeout(config),
            DatabaseTrace = DatabaseTraces.Find(container),
            DatabaseHint = DatabaseTraces.HintOf(container),
            CpuLimitCores = CpuLimit(host),
            MemoryLimitBytes = host?.Memory is > 0 and <= EngineLimits.Bytes and var bytes ? bytes : null,
            Spec = ContainerSpec.From(host),
            NetworkMode = EngineLimits.Cut(host?.NetworkMode ?? "default"),
            Borrows = SharedNamespace.From(host),
            References = ContainerReference.From(host),
            Terminal = config?.Tty ?? false,
            LogDriver = EngineLimits.Cut(host?.LogConfig?.Type),
            Networks = Networks(container.NetworkSettings),
            Ports = PortMapper.Claims(host?.PortBindings, container.NetworkSettings?.Ports),
        };
    }

    private static string Name(ContainerInspectResponse container) =>
        EngineLimits.Cut(container.Name?.TrimStart('/')) is { Length: > 0 } name ? name : ShortId.From(container.ID ?? "");

    /// <summary>Parses the engine's time. Null for its zero year, which means "never", and for a year that cannot be true.</summary>
    internal static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        && EngineLimits.IsTime(time)
            ? time.ToUniversalTime()
            : null;

    private static DateTimeOffset? Utc(DateTime time) =>
        time.Year > 1 && new DateTimeOffset(time.ToUniversalTime()) is var at && EngineLimits.IsTime(at) ? at : null;

    // A negative stop timeout means: never kill it.
    private static TimeSpan StopTimeout(ContainerConfig? config) =>
        config?.StopTimeout switch
        {
            null => DockerDefaults.StopTimeout,
            { Ticks: < 0 } => Timeout.InfiniteTimeSpan,
            { } given => EngineLimits.Clamp(given),
        };

    private static string PolicyName(RestartPolicy? policy) =>
        policy?.Name switch
        {
            RestartPolicyKind.Always => "always",
            RestartPolicyKind.UnlessStopped => "unless-stopped",
            RestartPolicyKind.OnFailure => "on-failure",
            _ => "no",
        };

    private static TimeSpan HealthGrace(HealthcheckConfig? check)
    {
        if (check is null)
        {
            return TimeSpan.Zero;
        }

        return EngineLimits.Clamp(check.StartPeriod ?? TimeSpan.Zero) + OrDefault(check.Interval) + OrDefault(check.Timeout);

        static TimeSpan OrDefault(TimeSpan? value) =>
            value is { Ticks: > 0 } given ? EngineLimits.Clamp(given) : DockerDefaults.HealthCheck;
    }

    private static double? CpuLimit(HostConfig? host)
    {
        const long defaultPeriod = 100_000;
        double? quota = host switch
        {
            { NanoCPUs: > 0 } => host.NanoCPUs / 1e9,
            { CPUQuota: > 0 } => (double)host.CPUQuota / (host.CPUPeriod > 0 ? host.CPUPeriod : defaultPeriod),
            _ => null,
        };
        quota = quota <= EngineLimits.Cpus ? quota : null;
        var pinned = CountCpus(host?.CpusetCpus);
        return quota is null ? pinned
            : pinned is null ? quota
            : Math.Min(quota.Value, pinned.Value);
    }

    /// <summary>Counts the CPUs of a list like <c>0-2,5</c>; null for an empty or malformed list.</summary>
    internal static double? CountCpus(string? set)
    {
        if (string.IsNullOrWhiteSpace(set))
        {
            return null;
        }

        var count = 0;
        foreach (var part in set.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-');
            if (
                !int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
                || first > EngineLimits.Cpus
                || last > EngineLimits.Cpus
            )
            {
                return null;
            }

            count += Math.Max(0, last - first + 1);
        }

        return count > 0 ? count : null;
    }

    private static ImmutableArray<NetworkAttachment> Networks(NetworkSettings? settings) =>
        settings?.Networks is not { Count: > 0 } networks
            ? []
            :
            [
                .. networks
                    .OrderBy(network => network.Key, StringComparer.Ordinal)
                    .Take(EngineLimits.Attachments)
                    .Select(network => new NetworkAttachment(
                        EngineLimits.Cut(network.Value?.NetworkID),
                        EngineLimits.Cut(network.Key),
                        [
                            .. new[] { network.Value?.IPAddress, network.Value?.GlobalIPv6Address }
                                .Where(address => !string.IsNullOrEmpty(address))
                                .Select(address => EngineLimits.Cut(address)),
                        ]
                    )),
            ];
}
