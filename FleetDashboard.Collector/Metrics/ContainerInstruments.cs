using System.Diagnostics.Metrics;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Snapshots;

namespace FleetDashboard.Collector.Metrics;

/// <summary>
/// Containers in OpenTelemetry's semantic conventions (https://opentelemetry.io/docs/specs/semconv/system/container-metrics). A container
/// that does not run has no series, and a missing value has none either.
/// </summary>
internal static class ContainerInstruments
{
    private const double Nanoseconds = 1e9;

    public static void Add(Meter meter, Func<PublishedSnapshot?> current, TimeProvider time)
    {
        meter.CreateObservableGauge(
            "container.uptime",
            () => Each(Alive, one => Sample(one, (time.GetUtcNow() - one.Facts.StartedAt)?.TotalSeconds)),
            "s",
            "The time the container has been running."
        );
        meter.CreateObservableCounter(
            "container.cpu.time",
            () =>
                Each(
                    Read,
                    one =>
                        one.Counters!.Detail is { } detail
                            ?
                            [
                                .. Sample(one, detail.UserNanoseconds / Nanoseconds, ("cpu.mode", "user")),
                                .. Sample(one, detail.KernelNanoseconds / Nanoseconds, ("cpu.mode", "system")),
                            ]
                            : []
                ),
            "s",
            "Total CPU time consumed."
        );
        meter.CreateObservableGauge("container.cpu.usage", Usage, "{cpu}", "Container's CPU usage, measured in cpus.");
        meter.CreateObservableUpDownCounter(
            "container.memory.usage",
            () => Each(Read, one => Sample(one, one.Counters!.MemoryBytes)),
            "By",
            "Memory usage of the container, without page cache that can be reclaimed."
        );
        meter.CreateObservableUpDownCounter(
            "container.memory.working_set",
            () => Each(Read, one => Sample(one, one.Counters!.Detail?.Memory?.WorkingSet)),
            "By",
            "Container memory working set."
        );
        meter.CreateObservableUpDownCounter(
            "container.memory.rss",
            () => Each(Read, one => Sample(one, one.Counters!.Detail?.Memory?.Rss)),
            "By",
            "Container memory RSS."
        );
        meter.CreateObservableUpDownCounter(
            "container.memory.available",
            () => Each(Read, one => Sample(one, one.Facts.MemoryLimitBytes - one.Counters!.Detail?.Memory?.WorkingSet)),
            "By",
            "Container memory available: its limit without the working set; absent without a limit."
        );
        meter.CreateObservableCounter(
            "container.network.io",
            () => Each(Read, one => (one.Counters!.Detail?.Interfaces ?? []).SelectMany(eth => Traffic(one, eth))),
            "By",
            "Network bytes for the container."
        );
        meter.CreateObservableCounter(
            "container.disk.io",
            () =>
                Each(
                    Read,
                    one =>
                        (one.Counters!.Detail?.BlockBytes ?? [])
                            .Where(disk => disk.IsRead || disk.IsWrite)
                            .SelectMany(disk =>
                                Sample(
                                    one,
                                    disk.Value,
                                    ("system.device", $"{disk.Major}:{disk.Minor}"),
                                    ("disk.io.direction", disk.IsRead ? "read" : "write")
                                )
                            )
                ),
            "By",
            "Disk bytes for the container."
        );

        IEnumerable<Measurement<double>> Each(
            Func<ScrapedContainer, bool> wanted,
            Func<ScrapedContainer, IEnumerable<Measurement<double>>> samples
        ) => current()?.Scrape.Containers.Where(wanted).SelectMany(samples) ?? [];

        IEnumerable<Measurement<double>> Usage()
        {
            var cores = current()
                ?.Snapshot.Apps.SelectMany(app => app.Containers)
                .ToDictionary(container => container.Id, container => container.CpuCores);
            return Each(Read, one => Sample(one, cores?.GetValueOrDefault(one.Facts.Id)));
        }
    }

    private static bool Alive(ScrapedContainer container) => container.IsAlive;

    private static bool Read(ScrapedContainer container) => container is { IsAlive: true, Counters: not null };

    private static IEnumerable<Measurement<double>> Traffic(ScrapedContainer container, InterfaceCounters one) =>
        [
            .. Sample(container, one.Received.Bytes, ("network.interface.name", one.Name), ("network.io.direction", "receive")),
            .. Sample(container, one.Sent.Bytes, ("network.interface.name", one.Name), ("network.io.direction", "transmit")),
        ];

    private static IEnumerable<Measurement<double>> Sample(
        ScrapedContainer container,
        double? value,
        params ReadOnlySpan<(string Name, string Value)> more
    )
    {
        if (value is not { } known)
        {
            return [];
        }

        List<KeyValuePair<string, object?>> tags =
        [
            new("container.id", container.Facts.Id),
            new("container.name", MetricLabel.Bounded(container.Facts.Name)),
            new("container.image.name", MetricLabel.Bounded(container.Facts.Image)),
        ];
        foreach (var (name, text) in more)
        {
            tags.Add(new(name, MetricLabel.Bounded(text)));
        }

        return [new Measurement<double>(known, tags)];
    }
}
