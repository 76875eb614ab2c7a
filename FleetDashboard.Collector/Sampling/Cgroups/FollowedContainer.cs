using System.Collections.Immutable;
using FleetDashboard.Collector.Engine;

namespace FleetDashboard.Collector.Sampling.Cgroups;

/// <summary>One run of a container that is read from files: its cgroup, and its network from a file or from the engine.</summary>
internal sealed class FollowedContainer(
    SampleTarget target,
    ContainerCgroup cgroup,
    KernelFile<ImmutableArray<InterfaceCounters>>? interfaces
) : IDisposable
{
    /// <summary>Network counters older than this are dropped.</summary>
    private static readonly TimeSpan NetworkLife = TimeSpan.FromMinutes(3);

    private KernelFile<ImmutableArray<InterfaceCounters>>? _interfaces = interfaces;
    private NetworkReading? _network;
    private int _networkReadings;
    private DateTimeOffset _askedAt;

    public SampleTarget Target => target;

    /// <summary>The number of open files.</summary>
    public int Files => cgroup.Files + (_interfaces is null ? 0 : 1);

    /// <summary>
    /// When the engine has to be asked for its network counters; null where it has no network, or they are read from a file.
    /// </summary>
    /// <param name="every">Time between two calls. The first two follow each other at once, because a rate needs two readings.</param>
    public DateTimeOffset? NetworkDue(TimeSpan every) =>
        target.Interfaces == 0 || _interfaces is not null ? null
        : _networkReadings < 2 ? DateTimeOffset.MinValue
        : _askedAt + every;

    /// <summary>Adds the network counters of the engine's answer.</summary>
    public void Apply(RawStats answer)
    {
        (_networkReadings, _askedAt) = (_networkReadings + 1, answer.ReadAt);
        _network = answer.Detail is { Interfaces.IsEmpty: false } detail ? new NetworkReading(answer.ReadAt, detail.Interfaces) : null;
    }

    /// <exception cref="IOException">The container has ended.</exception>
    /// <exception cref="InvalidDataException">A file has an unknown format.</exception>
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

        // Its interfaces are not called eth0, eth1 (another driver, or rootless Podman). The engine knows which belong to it.
        _interfaces.Dispose();
        _interfaces = null;
        return _network;
    }
}
