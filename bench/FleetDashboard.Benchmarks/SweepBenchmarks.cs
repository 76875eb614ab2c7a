using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.Collector.Sampling.Cgroups;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Benchmarks;

/// <summary>
/// Reads the files of sixty real containers. If fewer run on this host, they are read several times to make sixty. Fails if no container is
/// running.
/// </summary>
[MemoryDiagnoser]
public class SweepBenchmarks
{
    private const int Containers = 60;

    private readonly List<CgroupReader> _sources = [];

    [GlobalSetup]
    public void Open()
    {
        var options = new SamplingOptions();
        if (!CgroupTree.TryFind(options.CgroupRoot, out var tree, out var why))
        {
            throw new InvalidOperationException($"No cgroups at {options.CgroupRoot}: {why}");
        }

        var found = CgroupMap.Scan(tree.FolderOf("memory")!);
        if (found.Count == 0)
        {
            throw new InvalidOperationException("No container runs on this host. Start some, the more the better.");
        }

        for (var left = Containers; left > 0; )
        {
            var source = new CgroupReader(Options.Create(options), TimeProvider.System, NullLogger<CgroupReader>.Instance);
            ImmutableArray<SampleTarget> targets =
            [
                .. found.Take(left).Select(one => new SampleTarget(one.Key, null, FirstProcess(tree, one.Value), one.Value, 1)),
            ];
            source.Follow(targets);
            left -= targets.Length;
            _sources.Add(source);
        }
    }

    [Benchmark(Description = "sweep of 60 containers")]
    public int Sweep()
    {
        var read = 0;
        foreach (var source in _sources)
        {
            read += source.Read().Count;
        }

        return read == Containers ? read : throw new InvalidOperationException($"Only {read} could be read.");
    }

    [GlobalCleanup]
    public void Close() => _sources.ForEach(source => source.Dispose());

    private static int FirstProcess(CgroupTree tree, string folder) =>
        int.Parse(
            File.ReadLines(Path.Combine(tree.FolderOf("memory")!, folder, "cgroup.procs")).First(),
            System.Globalization.CultureInfo.InvariantCulture
        );
}
