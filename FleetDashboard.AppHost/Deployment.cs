using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;

namespace FleetDashboard.AppHost;

/// <summary>
/// What publishing adds to Aspire's own Compose file, so that it is as closed as deploy/compose.yaml. Two things stay apart from that file, since Aspire's
/// <see cref="Service"/> has no words for them: a limit of processes, and values with defaults.
/// </summary>
internal static class Deployment
{
    /// <summary>The Collector and Web; no way out.</summary>
    public const string Inside = "collector";

    /// <summary>Web and whoever looks at it.</summary>
    public const string Page = "page";

    public const string Socket = "/var/run/docker.sock";

    private const string Data = "/data";
    private const string Cgroups = "/sys/fs/cgroup";
    private const string Metadata = "/etc/fleet";
    private const int ContainerPort = 8080;
    private const int PagePort = 5080;

    public static void Publish(this IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> collector, IResourceBuilder<ProjectResource> web)
    {
        var socketGroup = builder.AddParameter("docker-gid", "999", publishValueAsDefault: true)
            .WithDescription("The number of the group that owns the engine's socket: stat -c %g /var/run/docker.sock");
        builder.AddDockerComposeEnvironment("fleet").WithDashboard(false).ConfigureComposeFile(Shape);

        collector.OnOnePort(hostPort: null)
            .WithEnvironment("Engine__Endpoint", $"unix://{Socket}")
            .WithEnvironment("Data__Path", Data)
            .WithEnvironment("Fleet__File", $"{Metadata}/fleet.yaml")
            .WithEnvironment("Sampling__CgroupRoot", $"/host{Cgroups}")
            .WithSecret("Auth__SharedSecret", SecretFile.Shared)
            .WithSecret("Metrics__Token", SecretFile.MetricsToken)
            .PublishAsDockerComposeService((resource, service) =>
            {
                Harden(service, "FleetDashboard.Collector", memory: "384m");
                service.Hand(SecretFile.Shared, SecretFile.MetricsToken);
                service.Networks = [Inside];
                service.StopGracePeriod = "40s"; // a step of an update that has begun is carried through

                // In this container alone. Read-only keeps the file from being replaced; it does not limit what the engine does for who can open it.
                service.GroupAdd.Add(socketGroup.AsEnvironmentPlaceholder(resource));
                Mount(service, Socket, Socket);
                Mount(service, Cgroups, $"/host{Cgroups}"); // the figures, without a question to the engine
                Mount(service, "./fleet", Metadata);
            });
        web.OnOnePort(PagePort)
            .WithEnvironment("Data__Path", Data)
            .WithSecret("Collectors__SharedSecret", SecretFile.Shared)
            .WithSecret("Accounts__AdminPassword", SecretFile.AdminPassword)
            .PublishAsDockerComposeService((_, service) =>
            {
                Harden(service, "FleetDashboard.Web", memory: "512m");
                service.Hand(SecretFile.Shared, SecretFile.AdminPassword);
                service.Networks = [Inside, Page];
                service.Ports = [$"127.0.0.1:{PagePort}:{ContainerPort}"];
                service.DependsOn["collector"].Condition = "service_healthy";
            });
    }

    private static void Shape(ComposeFile file)
    {
        file.AddNetwork(new Network { Name = Inside, Driver = "bridge", Internal = true });
        file.AddNetwork(new Network { Name = Page, Driver = "bridge" });
        file.Networks.Remove("aspire");
        foreach (var service in file.Services.Values)
        {
            file.AddVolume(new Volume { Name = DataOf(service), Driver = "local" });
        }
        SecretFile.Declare(file);
    }

    /// <summary>No root, no capabilities, nothing written but its data, a limit; asked for its health by itself, since its image has no shell.</summary>
    private static void Harden(Service service, string program, string memory)
    {
        service.Restart = "unless-stopped";
        service.User = "1654:1654";
        service.ReadOnly = true;
        service.CapDrop.Add("ALL");
        service.SecurityOpt.Add("no-new-privileges:true");
        service.Tmpfs.Add("/tmp:size=64m,mode=1777");
        service.Deploy = new() { Resources = new() { Limits = new() { Memory = memory } } };
        service.AddVolume(new Volume { Name = DataOf(service), Type = "volume", Source = DataOf(service), Target = Data });
        service.Healthcheck = new Healthcheck
        {
            Test = ["CMD", $"/app/{program}", "health"],
            Interval = "15s",
            Timeout = "5s",
            StartPeriod = "60s",
            Retries = 3,
        };
    }

    private static void Mount(Service service, string source, string target) =>
        service.AddVolume(new Volume { Name = target, Type = "bind", Source = source, Target = target, ReadOnly = true });

    /// <summary>Aspire gives a project an https endpoint when it is published, which nothing here speaks: both go to the one port.</summary>
    private static IResourceBuilder<ProjectResource> OnOnePort(this IResourceBuilder<ProjectResource> project, int? hostPort) => project
        .WithEndpoint("http", endpoint => (endpoint.IsExternal, endpoint.Port, endpoint.TargetPort) = (hostPort is not null, hostPort, ContainerPort))
        .WithEndpoint("https", endpoint => endpoint.TargetPort = ContainerPort, createIfNotExists: false);

    private static string DataOf(Service service) => $"{service.Name}-data";
}
