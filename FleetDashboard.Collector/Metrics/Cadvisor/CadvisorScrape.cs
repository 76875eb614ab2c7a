using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Snapshots;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Metrics.Cadvisor;

/// <summary>Writes the newest snapshot with cAdvisor's metric names. Reads memory only.</summary>
internal sealed class CadvisorScrape(SnapshotStore store, IOptions<MetricsOptions> options, TimeProvider time)
{
    public const string LastSeen = "container_last_seen";

    /// <summary>The metrics of the machine and of the scrape itself, beside <see cref="CadvisorMetrics.All"/>.</summary>
    public static readonly string[] Others = [LastSeen, "machine_cpu_cores", "machine_memory_bytes", "container_scrape_error"];

    public async Task WriteAsync(Exposition output, CancellationToken cancellationToken)
    {
        if (store.Current is not { } current)
        {
            WriteError(output, failed: true);
            await output.EndAsync(cancellationToken);
            return;
        }

        var stale = current.Snapshot.Stale;
        var labels = new ContainerLabels(current.Scrape, options.Value.LabelPatterns);
        List<ContainerSeries> containers =
        [
            .. current.Scrape.Containers.Select(container => new ContainerSeries(output, container, labels.Format(container))),
        ];
        WriteLastSeen(output, containers, stale ? current.Snapshot.TakenAt : time.GetUtcNow());

        // While the engine is lost these are absent, as they are while cAdvisor is down.
        foreach (var metric in stale ? [] : CadvisorMetrics.All)
        {
            output.Family(metric.Name, metric.Kind, metric.Help);
            containers.ForEach(metric.Write);
            await output.FlushAsync(cancellationToken);
        }

        WriteMachine(output, current.Scrape.Host);
        WriteError(output, stale);
        await output.EndAsync(cancellationToken);
    }

    // With a timestamp, as in cAdvisor: Prometheus then writes no stale marker when the container is gone, and keeps the last value for
    // five minutes. The alert "time() - container_last_seen > 60" needs that to fire and to clear.
    private static void WriteLastSeen(Exposition output, List<ContainerSeries> containers, DateTimeOffset at)
    {
        output.Family(LastSeen, MetricKind.Gauge, "Last time a container was seen by the exporter.");
        foreach (var series in containers.Where(series => series.Container.IsAlive))
        {
            series.AddAt(at.ToUnixTimeSeconds(), at);
        }
    }

    private static void WriteMachine(Exposition output, HostFacts? host)
    {
        if (host is null)
        {
            return;
        }

        output.Family("machine_cpu_cores", MetricKind.Gauge, "Number of logical CPU cores.");
        output.Sample([], host.Cpus, at: null);
        output.Family("machine_memory_bytes", MetricKind.Gauge, "Amount of memory installed on the machine.");
        output.Sample([], host.MemoryBytes, at: null);
    }

    private static void WriteError(Exposition output, bool failed)
    {
        output.Family("container_scrape_error", MetricKind.Gauge, "1 if there was an error while getting container metrics, 0 otherwise.");
        output.Sample([], failed ? 1 : 0, at: null);
    }
}
