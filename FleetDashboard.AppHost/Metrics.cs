namespace FleetDashboard.AppHost;

/// <summary>
/// With <c>Prometheus=true</c>, adds a Prometheus with the shipped rules, scrape jobs and a token. Not part of the published deployment: a
/// site with alerting has its own Prometheus, and this one would need access to the Collector's closed network.
/// </summary>
internal static class Metrics
{
    private const string Setting = "Prometheus";
    private const string Folder = "/etc/prometheus";

    /// <summary>The Collector's address in deploy/prometheus/prometheus.yml.</summary>
    private const string Example = "localhost:5081";

    public static void AddPrometheus(this IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> collector)
    {
        if (!bool.TryParse(builder.Configuration[Setting], out var wanted) || !wanted)
        {
            return;
        }

        var token = builder.AddGeneratedSecret("metrics-token", "Prometheus sends this token to the Collector at each scrape.");
        collector.WithEnvironment("Metrics__Token", token);
        var prometheus = builder
            .AddContainer("prometheus", "prom/prometheus", "v3.5.0")
            .WithHttpEndpoint(targetPort: 9090)
            .WithHttpHealthCheck("/-/ready")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Prometheus")
            .WithReference(collector) // lets the container reach this process on the host
            .WaitFor(collector);
        prometheus.WithContainerFiles(
            Folder,
            async (_, cancellationToken) =>
            {
                var shipped = Path.Combine(builder.AppHostDirectory, "..", "deploy", "prometheus");
                var address = collector.GetEndpoint("http").Property(EndpointProperty.HostAndPort);
                var target = await address.GetValueAsync(new ValueProviderContext { Caller = prometheus.Resource }, cancellationToken);
                var scrape = await File.ReadAllTextAsync(Path.Combine(shipped, "prometheus.yml"), cancellationToken);
                return
                [
                    new ContainerFile { Name = "prometheus.yml", Contents = scrape.Replace(Example, target, StringComparison.Ordinal) },
                    new ContainerFile
                    {
                        Name = "fleet.rules.yml",
                        Contents = await File.ReadAllTextAsync(Path.Combine(shipped, "fleet.rules.yml"), cancellationToken),
                    },
                    new ContainerFile { Name = "fleet.token", Contents = await token.Resource.GetValueAsync(cancellationToken) },
                ];
            }
        );
    }
}
