using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Sampling.Cgroups;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Sampling;

/// <summary>One reading of the stats of all running containers.</summary>
/// <param name="Readings">The counters that could be read, by container.</param>
/// <param name="EngineAnswered">Whether the engine answered for at least one container; null where it was not asked.</param>
/// <param name="FromFiles">The number of containers that were read from cgroup files.</param>
/// <param name="FromSocket">The number of containers that the engine was asked for.</param>
/// <param name="Problem">What the operator must know, as a sentence; null where the source is as configured.</param>
internal sealed record StatsRound(
    ImmutableArray<(string Id, RawStats Stats)> Readings,
    bool? EngineAnswered,
    int FromFiles,
    int FromSocket,
    string? Problem
)
{
    /// <summary>Why the engine refuses all stats, as a sentence; null where it does not. Refused stats are not overdue.</summary>
    public string? Refused { get; init; }
}

/// <summary>Reads stats from the cheapest source that has them: cgroup files, and the engine for what they lack.</summary>
internal sealed partial class Sampler(
    CgroupReader cgroups,
    OneShotReader oneShot,
    IOptions<SamplingOptions> options,
    TimeProvider time,
    ILogger<Sampler> logger
)
{
    /// <summary>How often the engine is asked for network counters that no file has.</summary>
    private static readonly TimeSpan NetworkEvery = TimeSpan.FromSeconds(30);

    private string? _refused;

    /// <summary>Reads all of <paramref name="targets"/>. A container that could not be read in time is missing from the round.</summary>
    public async Task<StatsRound> ReadAsync(ImmutableArray<SampleTarget> targets, string engineVersion, CancellationToken cancellationToken)
    {
        if (options.Value.Source != StatsSource.Socket)
        {
            FollowSafely(targets);
        }

        var rest = targets.Where(target => !cgroups.Followed.ContainsKey(target.Id)).Select(target => target.Id).ToHashSet();
        ImmutableArray<string> asked = [.. rest, .. NetworksDue()];
        var answers = await AskAsync(asked, engineVersion, cancellationToken);
        foreach (var (id, stats) in answers)
        {
            cgroups.Followed.GetValueOrDefault(id)?.Apply(stats);
        }

        // After the engine answered, so that all stats are of the same moment.
        var read = cgroups.Read();
        return new StatsRound(
            [.. answers.Where(answer => rest.Contains(answer.Id)), .. read],
            asked.IsEmpty || _refused is not null ? null : !answers.IsEmpty,
            cgroups.Followed.Count,
            rest.Count,
            Problem(targets.Length) ?? _refused
        )
        {
            Refused = _refused,
        };
    }

    // Whatever is wrong with the files, the engine is asked instead.
    private void FollowSafely(ImmutableArray<SampleTarget> targets)
    {
        try
        {
            cgroups.Follow(targets);
        }
        catch (Exception fault)
        {
            LogFilesFailed(fault);
        }
    }

    private async Task<ImmutableArray<(string Id, RawStats Stats)>> AskAsync(
        ImmutableArray<string> ids,
        string engineVersion,
        CancellationToken cancellationToken
    )
    {
        _refused = null;
        if (ids.IsEmpty)
        {
            return [];
        }

        try
        {
            return await oneShot.ReadAsync(ids, engineVersion, cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            _refused = fault.InnerException is EngineRefusal { IsForbidden: true } refusal
                ? $"CPU and memory of containers cannot be shown. {refusal.Message}"
                : null;
            LogEngineFailed(fault);
            return [];
        }
    }

    // When one is due, all are asked for. Otherwise an old engine would be asked for another container each second.
    private IEnumerable<string> NetworksDue()
    {
        var late = time.GetUtcNow() + (options.Value.Interval / 2);
        var due = cgroups
            .Followed.Values.Select(one => (one.Target.Id, At: one.NetworkDue(NetworkEvery)))
            .Where(one => one.At is not null)
            .ToList();
        return due.Exists(one => one.At > DateTimeOffset.MinValue && one.At <= late)
            ? due.Select(one => one.Id)
            : due.Where(one => one.At == DateTimeOffset.MinValue).Select(one => one.Id);
    }

    private string? Problem(int running) =>
        options.Value.Source != StatsSource.Cgroup || running == 0 ? null
        : cgroups.WhyNot is { } why
            ? $"Sampling:Source is cgroup, but {options.Value.CgroupRoot} (Sampling:CgroupRoot) cannot be used: {why}. "
                + "The engine is asked for the stats."
        : cgroups.Refused > 0
            ? $"Sampling:Source is cgroup, but {cgroups.Refused} of {running} running containers have no cgroup that can be read below "
                + $"{options.Value.CgroupRoot} (Sampling:CgroupRoot). The engine is asked for their stats."
        : null;

    [LoggerMessage(LogLevel.Error, "The cgroup files could not be opened. The engine is asked for these containers.")]
    private partial void LogFilesFailed(Exception fault);

    [LoggerMessage(LogLevel.Warning, "The engine returned no stats.")]
    private partial void LogEngineFailed(Exception fault);
}
