using Aspire.Hosting.Docker;
using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;

namespace FleetDashboard.AppHost;

/// <summary>
/// What publishing adds to Aspire's own Compose file, so that it is as closed as deploy/compose.yaml and takes the same settings, by the
/// same names. One thing stays
/// apart, since Aspire's <see cref="Service"/> has no word for it: a limit of processes.
/// </summary>
internal static class Deployment
{
    /// <summary>The Collector and Web; no way out.</summary>
    public const string Inside = "collector";

    /// <summary>Web and whoever looks at it.</summary>
    public const string Page = "page";

    public const string Socket = "/var/run/docker.sock";

    private const string SocketGroup = "The number of the group that owns the engine's socket: stat -c %g /var/run/docker.sock";
    private const string Data = "/data";
    private const string Cgroups = "/sys/fs/cgroup";
    private const string Metadata = "/etc/fleet";
    private const int ContainerPort = 8080;
    private const int PagePort = 5080;

    public static void Publish(
        this IDistributedApplicationBuilder builder,
        IResourceBuilder<ProjectResource> collector,
        IResourceBuilder<ProjectResource> web
    )
    {
        // Without a default: on another host the number is another, and a wrong one shows as a fleet that cannot be read.
        var socketGroup = builder.AddParameter("docker-gid").WithDescription(SocketGroup);
        builder.AddDockerComposeEnvironment("fleet").WithDashboard(false).ConfigureComposeFile(Shape).ConfigureEnvFile(Explain);

        collector
            .OnOnePort(hostPort: null)
            .WithEnvironment("Engine__Endpoint", $"unix://{Socket}")
            .WithEnvironment("Data__Path", Data)
            .WithEnvironment("Fleet__File", $"{Metadata}/fleet.yaml")
            .WithEnvironment("Sampling__CgroupRoot", $"/host{Cgroups}")
            .WithSecret("Auth__SharedSecret", SecretFile.Shared)
            .WithSecret("Metrics__Token", SecretFile.MetricsToken)
            .PublishAsDockerComposeService(
                (resource, service) =>
                {
                    Harden(service, "FleetDashboard.Collector", memory: Setting("FLEET_COLLECTOR_MEMORY", "384m"));
                    service.Hand(SecretFile.Shared, SecretFile.MetricsToken);
                    service.Networks = [Inside];
                    service.StopGracePeriod = "40s"; // a step of an update that has begun is carried through

                    service.Environment["Engine__HostName"] = Setting("FLEET_HOST_NAME", "");
                    service.Environment["Actions__Enabled"] = Setting("FLEET_ACTIONS", "true");

                    // In this container alone. Read-only keeps the file from being replaced; it does not limit what the engine does for who
                    // can open it.
                    service.GroupAdd.Add(
                        Required(
                            socketGroup.AsEnvironmentPlaceholder(resource),
                            "set it in .env to the number of the group that owns the engine's socket"
                        )
                    );
                    Mount(service, Setting("DOCKER_SOCKET", Socket), Socket);
                    Mount(service, Setting("FLEET_CGROUPS", Cgroups), $"/host{Cgroups}"); // the figures, without a question to the engine
                    Mount(service, Setting("FLEET_FILE_FOLDER", "./fleet"), Metadata);
                }
            );
        web.OnOnePort(PagePort)
            .WithEnvironment("Data__Path", Data)
            .WithSecret("Collectors__SharedSecret", SecretFile.Shared)
            .WithSecret("Accounts__AdminPassword", SecretFile.AdminPassword)
            .PublishAsDockerComposeService(
                (_, service) =>
                {
                    Harden(service, "FleetDashboard.Web", memory: Setting("FLEET_WEB_MEMORY", "512m"));
                    service.Hand(SecretFile.Shared, SecretFile.AdminPassword);
                    service.Networks = [Inside, Page];
                    service.Ports = [$"{Setting("FLEET_LISTEN", $"127.0.0.1:{PagePort}")}:{ContainerPort}"];
                    service.Environment["Proxy__Trusted__0"] = Setting("FLEET_TRUSTED_PROXY", "");
                    service.Environment["Proxy__PathBase"] = Setting("FLEET_PATH", "");
                    service.Environment["AllowedHosts"] = Setting("FLEET_PAGE_HOSTS", "*");
                    service.DependsOn["collector"].Condition = "service_healthy";
                }
            );
    }

    private static void Shape(ComposeFile file)
    {
        file.AddNetwork(
            new Network
            {
                Name = Inside,
                Driver = "bridge",
                Internal = true,
            }
        );
        file.AddNetwork(new Network { Name = Page, Driver = "bridge" });
        file.Networks.Remove("aspire");
        foreach (var service in file.Services.Values)
        {
            file.AddVolume(new Volume { Name = DataOf(service), Driver = "local" });
        }
        SecretFile.Declare(file);
    }

    /// <summary>
    /// Publishing writes .env with names alone, so each says what it wants. One that is filled stays as it is when it is published again.
    /// </summary>
    private static void Explain(IDictionary<string, CapturedEnvironmentVariable> file)
    {
        file["COMPOSE_PROJECT_NAME"] = new()
        {
            Name = "COMPOSE_PROJECT_NAME",
            Description =
                "What containers, networks and volumes are called, such as fleet; empty: this folder's name. Do not change it later: "
                + "the volumes' names hang on it.",
        };
        file["DOCKER_GID"].Description = SocketGroup;
        file["COLLECTOR_IMAGE"].Description = "The Collector's image, as deploy/collector.Dockerfile makes it.";
        file["WEB_IMAGE"].Description =
            "Web's image, as deploy/web.Dockerfile makes it. What else may be set here and how: deploy/.env.example.";
    }

    /// <summary>
    /// No root, no capabilities, nothing written but its data, a limit; asked for its health by itself, since its image has no shell.
    /// </summary>
    private static void Harden(Service service, string program, string memory)
    {
        service.Image = Required(service.Image!, $"set it in .env to the image of {program}");
        service.Restart = "unless-stopped";
        service.User = "1654:1654";
        service.ReadOnly = true;
        service.CapDrop.Add("ALL");
        service.SecurityOpt.Add("no-new-privileges:true");
        service.Tmpfs.Add("/tmp:size=64m,mode=1777");
        service.Deploy = new() { Resources = new() { Limits = new() { Memory = memory } } };
        service.AddVolume(
            new Volume
            {
                Name = DataOf(service),
                Type = "volume",
                Source = DataOf(service),
                Target = Data,
            }
        );
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
        service.AddVolume(
            new Volume
            {
                Name = target,
                Type = "bind",
                Source = source,
                Target = target,
                ReadOnly = true,
            }
        );

    /// <summary>
    /// Aspire gives a project an https endpoint when it is published, which nothing here speaks: both go to the one port.
    /// </summary>
    private static IResourceBuilder<ProjectResource> OnOnePort(this IResourceBuilder<ProjectResource> project, int? hostPort) =>
        project
            .WithEndpoint(
                "http",
                endpoint => (endpoint.IsExternal, endpoint.Port, endpoint.TargetPort) = (hostPort is not null, hostPort, ContainerPort)
            )
            .WithEndpoint("https", endpoint => endpoint.TargetPort = ContainerPort, createIfNotExists: false);

    /// <summary>What may be set in .env, explained in deploy/.env.example.</summary>
    internal static string Setting(string variable, string otherwise) => $"${{{variable}:-{otherwise}}}";

    /// <summary>What must be: Compose stops at once and says why, where it would else hand nothing to the engine.</summary>
    private static string Required(string placeholder, string advice) =>
        placeholder.Replace("}", $":?{advice}}}", StringComparison.Ordinal);

    private static string DataOf(Service service) => $"{service.Name}-data";
}
