using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>
/// The figures of all containers whose cgroups can be seen, from files that stay open for as long as the container runs. For one thread at
/// a time.
/// </summary>
internal sealed partial class CgroupReader(IOptions<SamplingOptions> options, TimeProvider time, ILogger<CgroupReader> logger) : IDisposable
{
    /// <summary>The most that one container can have, on version 1 with all families of disk counters.</summary>
    private const int MostOfAContainer = 16;

    /// <summary>What could not be opened is tried again after so long: a limit may have been raised, a mount may have come.</summary>
    private static readonly TimeSpan TryAgain = TimeSpan.FromMinutes(5);

    private readonly ReadBuffer _buffer = new();
    private readonly Dictionary<string, FollowedContainer> _followed = [];
    private readonly Dictionary<string, (DateTimeOffset? StartedAt, DateTimeOffset At)> _refused = [];
    private readonly int _mostFiles = DescriptorLimit.Read() / 4 * 3; // The rest is for connections and logs.
    private CgroupFinder? _finder;
    private int _files; // Open when each was opened; some close one later.
    private DateTimeOffset? _lookedAt;

    /// <summary>Why no cgroups can be seen, as the end of a sentence; null while they can.</summary>
    public string? WhyNot { get; private set; }

    /// <summary>Those that are read from files now.</summary>
    public IReadOnlyDictionary<string, FollowedContainer> Followed => _followed;

    /// <summary>Those whose files were looked for and not found.</summary>
    public int Refused => _refused.Count;

    /// <summary>Opens the files of those that are new, and closes those of containers that no longer run or run anew.</summary>
    public void Follow(ImmutableArray<SampleTarget> targets)
    {
        var wanted = targets.ToDictionary(target => target.Id);
        foreach (var (id, followed) in _followed)
        {
            if (!wanted.TryGetValue(id, out var target) || target != followed.Target)
            {
                Close(followed);
            }
        }

        foreach (var id in _refused.Keys.Where(id => !wanted.ContainsKey(id)).ToList())
        {
            _refused.Remove(id);
        }

        if (Look() is { } finder)
        {
            foreach (var target in targets)
            {
                if (!_followed.ContainsKey(target.Id) && !IsRefused(target))
                {
                    Open(finder, target);
                }
            }
        }
    }

    /// <summary>Reads all of them. One that cannot be read has ended and is missing from the answer; its files are closed.</summary>
    public List<(string Id, RawStats Stats)> Read()
    {
        var readings = new List<(string, RawStats)>(_followed.Count);
        foreach (var (id, followed) in _followed)
        {
            try
            {
                readings.Add((id, followed.Read(_buffer, time)));
            }
            catch (Exception gone)
            {
                // Whatever it is, it is this container's alone.
                LogGone(gone, id);
                Close(followed);
            }
        }

        return readings;
    }

    public void Dispose()
    {
        foreach (var followed in _followed.Values)
        {
            followed.Dispose();
        }

        _followed.Clear();
    }

    private void Close(FollowedContainer followed)
    {
        followed.Dispose();
        _followed.Remove(followed.Target.Id);
        _files = _followed.Values.Sum(one => one.Files);
    }

    private CgroupFinder? Look()
    {
        if (_finder is null && !(time.GetUtcNow() - _lookedAt < TryAgain))
        {
            _lookedAt = time.GetUtcNow();
            var root = options.Value.CgroupRoot;
            try
            {
                _finder = CgroupTree.TryFind(root, out var tree, out var why) ? new CgroupFinder(tree, options.Value.ProcRoot, time) : null;
                WhyNot = _finder is null ? why : null;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                WhyNot = fault.Message;
            }
        }

        return _finder;
    }

    private bool IsRefused(SampleTarget target) =>
        _refused.TryGetValue(target.Id, out var refused)
        && refused.StartedAt == target.StartedAt
        && time.GetUtcNow() - refused.At < TryAgain;

    private void Open(CgroupFinder finder, SampleTarget target)
    {
        try
        {
            if (_files + MostOfAContainer <= _mostFiles && finder.Open(target) is { } followed)
            {
                _files += followed.Files;
                _followed[target.Id] = followed;
                _refused.Remove(target.Id);
                return;
            }

            if (!finder.WasThorough)
            {
                return; // It may only be new: looked for again at the next reading.
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            LogNotOpened(fault, target.Id);
        }

        _refused[target.Id] = (target.StartedAt, time.GetUtcNow());
    }

    [LoggerMessage(LogLevel.Debug, "The cgroup of container {Id} has gone.")]
    private partial void LogGone(Exception fault, string id);

    [LoggerMessage(LogLevel.Warning, "The cgroup files of container {Id} cannot be opened; the engine is asked for its figures.")]
    private partial void LogNotOpened(Exception fault, string id);
}
