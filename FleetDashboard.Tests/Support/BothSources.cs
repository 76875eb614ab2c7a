using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.Collector.Sampling.Cgroups;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace FleetDashboard.Tests.Support;

/// <summary>One container's stats from both sources: the engine's response, and the product's own reading of the kernel's files.</summary>
internal sealed class BothSources : IAsyncDisposable
{
    private readonly CollectorHost _collector;
    private readonly EngineStats _socket;
    private readonly EngineClient _engine;

    private BothSources(CollectorHost collector, SamplingOptions options)
    {
        _collector = collector;
        (_socket, _engine) = (collector.Services.GetRequiredService<EngineStats>(), collector.Services.GetRequiredService<EngineClient>());
        Files = new CgroupReader(Options.Create(options), TimeProvider.System, NullLogger<CgroupReader>.Instance);
    }

    public CgroupReader Files { get; }

    /// <summary>Skips the test, with the reason, if the kernel's files are not accessible.</summary>
    public static async Task<BothSources> StartAsync(Uri engine, CancellationToken cancellationToken, SamplingOptions? options = null)
    {
        options ??= new SamplingOptions();
        Assert.SkipUnless(CgroupTree.TryFind(options.CgroupRoot, out _, out var why), $"Needs cgroups at {options.CgroupRoot}: {why}");
        var collector = await CollectorHost.StartAsync(
            engine,
            cancellationToken,
            "--Sampling:Source=socket",
            "--Sampling:Interval=00:05:00"
        );
        await collector.UntilAsync(fleet => !fleet.Stale, cancellationToken);
        return new BothSources(collector, options);
    }

    /// <summary>The container as it is running now.</summary>
    public async Task<SampleTarget> TargetAsync(string id, CancellationToken cancellationToken, string? path = null)
    {
        var facts = (await _engine.InspectAsync(id, cancellationToken))!;
        return new SampleTarget(
            id,
            facts.StartedAt,
            facts.Pid,
            path ?? facts.Spec.CgroupPath(id, "cgroupfs"),
            facts.NetworkMode is "host" or "none" ? 0 : facts.Networks.Length
        );
    }

    /// <summary>The engine's stats, the files' stats, and the engine's once more. Null for files that cannot be read.</summary>
    public async Task<(RawStats Before, RawStats? Files, RawStats After)> ReadAsync(string id, CancellationToken cancellationToken)
    {
        // An old engine responds at its next tick with what it measured then, which is never older than the request.
        var before = (await _socket.ReadAsync(id, cancellationToken))!;
        var files = Files.Read().SingleOrDefault(reading => reading.Id == id).Stats;
        return (before, files, (await _socket.ReadAsync(id, cancellationToken))!);
    }

    public async ValueTask DisposeAsync()
    {
        Files.Dispose();
        await _collector.DisposeAsync();
    }
}

/// <summary>Stats as a list of names and numbers, so that no field can be forgotten.</summary>
internal static class StatsList
{
    /// <summary>Values that only grow. The files include swap, which the engine does not report.</summary>
    public static IReadOnlyDictionary<string, double> Counters(RawStats figures)
    {
        var detail = figures.Detail!;
        var list = new Dictionary<string, double>
        {
            ["cpu"] = figures.CpuNanoseconds,
            ["cpu user"] = detail.UserNanoseconds,
            ["cpu kernel"] = detail.KernelNanoseconds,
            ["periods"] = figures.CpuPeriods,
            ["throttled periods"] = figures.ThrottledPeriods,
            ["throttled"] = detail.ThrottledNanoseconds,
            ["most memory"] = detail.Memory!.MaxUsage ?? -1,
            ["limit hit"] = detail.Memory.Failures ?? -1,
            ["faults"] = detail.Memory.Faults ?? -1,
            ["faults below"] = detail.Memory.FaultsBelow ?? -1,
            ["major faults"] = detail.Memory.MajorFaults ?? -1,
            ["major faults below"] = detail.Memory.MajorFaultsBelow ?? -1,
            ["read"] = figures.BlockReadBytes,
            ["written"] = figures.BlockWrittenBytes,
            ["received"] = figures.ReceivedBytes ?? -1d,
            ["sent"] = figures.SentBytes ?? -1d,
        };
        foreach (var one in detail.Interfaces)
        {
            foreach (var (way, traffic) in new[] { ("in", one.Received), ("out", one.Sent) })
            {
                (list[$"{one.Name} {way}"], list[$"{one.Name} {way} packets"]) = (traffic.Bytes, traffic.Packets);
                (list[$"{one.Name} {way} errors"], list[$"{one.Name} {way} dropped"]) = (traffic.Errors, traffic.Dropped);
            }
        }

        foreach (var (what, counters) in new[] { ("bytes", detail.BlockBytes), ("operations", detail.BlockOperations) })
        {
            foreach (var counter in counters)
            {
                list[$"{what} {counter.Major}:{counter.Minor} {counter.Operation}"] = counter.Value;
            }
        }

        return list;
    }

    /// <summary>Values that rise and fall.</summary>
    public static IReadOnlyDictionary<string, double> Levels(RawStats figures)
    {
        var memory = figures.Detail!.Memory!;
        return new Dictionary<string, double>
        {
            ["memory"] = figures.MemoryBytes ?? -1,
            ["pids"] = figures.Pids ?? -1,
            ["usage"] = memory.Usage,
            ["working set"] = memory.WorkingSet,
            ["cache"] = memory.Cache ?? -1,
            ["rss"] = memory.Rss ?? -1,
            ["mapped"] = memory.MappedFile ?? -1,
            ["active"] = memory.ActiveFile ?? -1,
            ["inactive"] = memory.InactiveFile ?? -1,
        };
    }
}
