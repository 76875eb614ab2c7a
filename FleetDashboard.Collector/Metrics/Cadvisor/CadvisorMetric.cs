using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Snapshots;

namespace FleetDashboard.Collector.Metrics.Cadvisor;

/// <summary>
/// A metric of containers with cAdvisor's name. <paramref name="Write"/> writes the series of one container, or nothing where the value is
/// missing.
/// </summary>
internal sealed record CadvisorMetric(string Name, MetricKind Kind, string Help, Action<ContainerSeries> Write)
{
    /// <summary>One series of each container that has processes; none where <paramref name="value"/> is null.</summary>
    public static CadvisorMetric Alive(string name, string help, Func<ContainerFacts, double?> value) =>
        new(name, MetricKind.Gauge, help, series => series.Add(series.Container.IsAlive ? value(series.Container.Facts) : null));

    /// <summary>One series of each container with a reading.</summary>
    public static CadvisorMetric Read(MetricKind kind, string name, string help, Func<RawStats, double?> value) =>
        new(name, kind, help, series => series.Add(series.Reading is { } reading ? value(reading) : null));

    /// <summary>One series of each container whose memory the kernel counts.</summary>
    public static CadvisorMetric Memory(MetricKind kind, string name, string help, Func<MemoryDetail, double?> value) =>
        new(name, kind, help, series => series.Add(series.Reading?.Detail?.Memory is { } memory ? value(memory) : null));

    /// <summary>A counter for each network interface of a container.</summary>
    public static CadvisorMetric Network(string name, string help, Func<InterfaceCounters, ulong> value) =>
        new(
            name,
            MetricKind.Counter,
            help,
            series =>
            {
                foreach (var one in series.Reading?.Detail?.Interfaces ?? [])
                {
                    series.Add(value(one), ("interface", one.Name));
                }
            }
        );

    /// <summary>A counter for each block device that the container has used.</summary>
    public static CadvisorMetric Disk(string name, string help, Func<CounterDetail, IEnumerable<BlockCounter>> counters) =>
        new(
            name,
            MetricKind.Counter,
            help,
            series =>
            {
                foreach (var counter in series.Reading?.Detail is { } detail ? counters(detail) : [])
                {
                    series.Add(counter.Value, ("device", DeviceOf(counter)));
                }
            }
        );

    /// <summary>A device by its numbers. The engine does not know its name.</summary>
    public static string DeviceOf(BlockCounter counter) => $"{counter.Major}:{counter.Minor}";
}

/// <summary>Where a metric writes its series of one container.</summary>
internal sealed class ContainerSeries(Exposition output, ScrapedContainer container, byte[] labels)
{
    public ScrapedContainer Container => container;

    /// <summary>The reading of a container that has processes.</summary>
    public RawStats? Reading => container.IsAlive ? container.Counters : null;

    public void Add(double? value, params ReadOnlySpan<(string Name, string Value)> more)
    {
        if (value is { } known)
        {
            output.Sample(labels, known, at: null, more);
        }
    }

    public void AddAt(double value, DateTimeOffset at) => output.Sample(labels, value, at);
}
