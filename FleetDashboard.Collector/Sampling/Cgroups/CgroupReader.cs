using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>
/// Reads the stats of containers from cgroup files, which stay open for as long as the container runs. For one thread at a time.
/// </summary>
internal sealed partial class CgroupReader(IOptions<SamplingOptions> options, TimeProvider time, ILogger<CgroupReader> logger) : IDisposable
{
    /// <summary>The most files of one container: version 1 with all families of disk counters.</summary>
    private const int MostOfAContainer = 16;

    /// <summary>How long after a failure a file is tried again: a limit may have been raised, or a mount added.</summary>
    private static readonly TimeSpan TryAgain = TimeSpan.FromMinutes(5);

    private readonly ReadBuffer _buffer = new();
    private readonly Dictionary<string, FollowedContainer> _followed = [];
    private readonly Dictionary<string, (DateTimeOffset? StartedAt, DateTimeOffset At)> _refused = [];
    private readonly int _mostFiles = DescriptorLimit.Read() / 4 * 3; // The rest is left for connections and logs.
    private CgroupFinder? _finder;
    private int _files; // Files when each container was opened; some close one later.
    private DateTimeOffset? _lookedAt;

    /// <summary>Why no cgroups can be read, as the end of a sentence; null while they can.</summary>
    public string? WhyNot { get; private set; }

    /// <summary>The containers that are read from files now.</summary>
    public IReadOnlyDictionary<string, FollowedContainer> Followed => _followed;

    /// <summary>The number of containers whose files were not found.</summary>
    public int Refused => _refused.Count;

    /// <summary>Opens the files of new containers, and closes the files of containers that ended or restarted.</summary>
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

    /// <summary>
    /// Reads all opened containers. One that cannot be read has ended: its files are closed, and it is missing from the answer.
    /// </summary>
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
                // Whatever the failure is, it concerns this container only.
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
                return; // It may be new: the next reading tries again.
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

    [LoggerMessage(LogLevel.Warning, "The cgroup files of container {Id} cannot be opened. The engine is asked for its stats.")]
    private partial void LogNotOpened(Exception fault, string id);
}
