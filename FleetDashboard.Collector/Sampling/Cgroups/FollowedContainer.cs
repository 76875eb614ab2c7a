using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>One run of a container whose figures come from files: its cgroup, and its network from wherever that can be had.</summary>
internal sealed class FollowedContainer(
    SampleTarget target,
    ContainerCgroup cgroup,
    KernelFile<ImmutableArray<InterfaceCounters>>? interfaces
) : IDisposable
{
    /// <summary>A network's counters that nobody could renew for so long are no figures any more.</summary>
    private static readonly TimeSpan NetworkLife = TimeSpan.FromMinutes(3);

    private KernelFile<ImmutableArray<InterfaceCounters>>? _interfaces = interfaces;
    private NetworkReading? _network;
    private int _networkReadings;
    private DateTimeOffset _askedAt;

    public SampleTarget Target => target;

    /// <summary>How many files it has open.</summary>
    public int Files => cgroup.Files + (_interfaces is null ? 0 : 1);

    /// <summary>
    /// Since when the engine has to be asked for its network again; null where it need not: there is none, or it is read from a file.
    /// </summary>
    /// <param name="every">Time between two questions. The first two come at once, so that there is a rate.</param>
    public DateTimeOffset? NetworkDue(TimeSpan every) =>
        target.Interfaces == 0 || _interfaces is not null ? null
        : _networkReadings < 2 ? DateTimeOffset.MinValue
        : _askedAt + every;

    /// <summary>Takes over what the engine says of its network.</summary>
    public void Apply(RawStats answer)
    {
        (_networkReadings, _askedAt) = (_networkReadings + 1, answer.ReadAt);
        _network = answer.Detail is { Interfaces.IsEmpty: false } detail ? new NetworkReading(answer.ReadAt, detail.Interfaces) : null;
    }

    /// <exception cref="IOException">The container has ended.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be.</exception>
    public RawStats Read(ReadBuffer buffer, TimeProvider time)
    {
        var at = time.GetUtcNow();
        if (_interfaces is not null)
        {
            _network = ReadInterfaces(buffer, at);
        }

        return cgroup.Read(buffer, at, time.GetElapsedTime(0), at - _network?.At > NetworkLife ? null : _network);
    }

    public void Dispose()
    {
        cgroup.Dispose();
        _interfaces?.Dispose();
    }

    private NetworkReading? ReadInterfaces(ReadBuffer buffer, DateTimeOffset at)
    {
        var counters = _interfaces!.Read(buffer);
        if (counters.Length >= Math.Max(1, target.Interfaces ?? 1))
        {
            return new NetworkReading(at, counters);
        }

        // Its interfaces have names of their own (a driver's, or Podman's for a user): the engine knows which are its.
        _interfaces.Dispose();
        _interfaces = null;
        return _network;
    }
}
