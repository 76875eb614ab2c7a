using System.Collections.Immutable;
using System.Net;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Sampling.Cgroups;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Sampling;

/// <summary>One reading of the whole fleet.</summary>
/// <param name="Readings">What could be read, by container.</param>
/// <param name="EngineAnswered">Whether the engine answered for one of them at least; null where it was asked nothing, and so nothing is
/// known of it.</param>
/// <param name="FromFiles">Containers whose figures come from cgroup files.</param>
/// <param name="FromSocket">Containers whose figures are asked of the engine.</param>
/// <param name="Trouble">What the operator must know of it, as a sentence; null where it is as was asked for.</param>
internal sealed record StatsRound(
    ImmutableArray<(string Id, RawStats Stats)> Readings,
    bool? EngineAnswered,
    int FromFiles,
    int FromSocket,
    string? Trouble
)
{
    /// <summary>Why the engine does not permit figures at all, as a sentence; null where it does. What it refuses is not overdue.</summary>
    public string? Refused { get; init; }
}

/// <summary>Reads figures from the cheapest source that has them: files, and the engine for what no file tells.</summary>
internal sealed partial class Sampler(
    CgroupSource cgroups,
    OneShotReader burst,
    IOptions<SamplingOptions> options,
    TimeProvider time,
    ILogger<Sampler> logger
)
{
    /// <summary>Where only the engine can tell of a container's network, it is asked so often.</summary>
    private static readonly TimeSpan NetworkEvery = TimeSpan.FromSeconds(30);

    private string? _refused;

    /// <summary>Reads all of <paramref name="targets"/>; what could not be read in time is missing from the answer.</summary>
    public async Task<StatsRound> ReadAsync(ImmutableArray<SampleTarget> targets, string engineVersion, CancellationToken cancellationToken)
    {
        if (options.Value.Source != StatsSource.Socket)
        {
            FollowSafely(targets);
        }

        var rest = targets.Where(target => !cgroups.Followed.ContainsKey(target.Id)).Select(target => target.Id).ToHashSet();
        ImmutableArray<string> asked = [.. rest, .. NetworksDue()];
        var answers = await AskAsync(asked, engineVersion, cancellationToken);
        foreach (var (id, figures) in answers)
        {
            cgroups.Followed.GetValueOrDefault(id)?.Apply(figures);
        }

        // After the engine has taken its time, so that all figures are of one moment.
        var read = cgroups.Read();
        return new StatsRound(
            [.. answers.Where(answer => rest.Contains(answer.Id)), .. read],
            asked.IsEmpty || _refused is not null ? null : !answers.IsEmpty,
            cgroups.Followed.Count,
            rest.Count,
            Trouble(targets.Length) ?? _refused
        )
        {
            Refused = _refused,
        };
    }

    // The files are the cheaper source, never the only one: whatever is wrong with them, the engine is asked instead.
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
            return await burst.ReadAsync(ids, engineVersion, cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            _refused = fault.InnerException
                is EngineRefusal
                {
                    Status: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized or HttpStatusCode.MethodNotAllowed
                } refusal
                ? $"CPU and memory of containers are not known. {refusal.Message}"
                : null;
            LogBurstFailed(fault);
            return [];
        }
    }

    // All at once when one is due by its age, so that an old engine is asked once in half a minute and not each second for another.
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

    private string? Trouble(int running) =>
        options.Value.Source != StatsSource.Cgroup || running == 0 ? null
        : cgroups.WhyNot is { } why
            ? $"Sampling:Source is cgroup, but {options.Value.CgroupRoot} (Sampling:CgroupRoot) cannot be used: {why}. The engine is asked for the figures."
        : cgroups.Refused > 0
            ? $"Sampling:Source is cgroup, but {cgroups.Refused} of {running} running containers have no cgroup that can be read below {options.Value.CgroupRoot} (Sampling:CgroupRoot). The engine is asked for their figures."
        : null;

    [LoggerMessage(LogLevel.Error, "The cgroup files could not be followed. The engine is asked for the containers that they miss.")]
    private partial void LogFilesFailed(Exception fault);

    [LoggerMessage(LogLevel.Warning, "The engine told no figures.")]
    private partial void LogBurstFailed(Exception fault);
}
