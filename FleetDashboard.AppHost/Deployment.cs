using Aspire.Hosting.Docker;
using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;

namespace FleetDashboard.AppHost;

/// <summary>
/// Changes the Compose file that Aspire publishes, so that it is as restricted as deploy/compose.yaml and uses the same settings. One thing
/// is missing, because Aspire's <see cref="Service"/> has no property for it: the process limit.
/// </summary>
internal static class Deployment
{
    /// <summary>The network of Collector and Web, without internet access.</summary>
    public const string Inside = "collector";

    /// <summary>The network of Web and the viewers' browsers.</summary>
    public const string Page = "page";

    public const string Socket = "/var/run/docker.sock";

    private const string SocketGroup = "The id of the group that owns the engine's socket: stat -c %g /var/run/docker.sock";
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
        // No default: the id differs between hosts, and a wrong id shows up only as a fleet that cannot be read.
        var socketGroup = builder.AddParameter("docker-gid").WithDescription(SocketGroup);
        builder.AddDockerComposeEnvironment("fleet").WithDashboard(false).ConfigureComposeFile(Restrict).ConfigureEnvFile(Describe);

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
                    service.StopGracePeriod = "40s"; // enough to finish the current step of an update

                    service.Environment["Engine__HostName"] = Setting("FLEET_HOST_NAME", "");
                    service.Environment["Actions__Enabled"] = Setting("FLEET_ACTIONS", "true");

                    // Only this container gets the socket. Read-only protects the file from being replaced, but does not limit what a
                    // program can request through it.
                    service.GroupAdd.Add(
                        Required(
                            socketGroup.AsEnvironmentPlaceholder(resource),
                            "set it in .env to the id of the group that owns the engine's socket"
                        )
                    );
                    Mount(service, Setting("DOCKER_SOCKET", Socket), Socket);
                    Mount(service, Setting("FLEET_CGROUPS", Cgroups), $"/host{Cgroups}"); // stats without requests to the engine
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

    private static void Restrict(ComposeFile file)
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
    /// Publishing writes .env with empty variables, so each gets a description. A filled variable keeps its value when publishing again.
    /// </summary>
    private static void Describe(IDictionary<string, CapturedEnvironmentVariable> file)
    {
        file["COMPOSE_PROJECT_NAME"] = new()
        {
            Name = "COMPOSE_PROJECT_NAME",
            Description =
                "The name prefix of containers, networks and volumes, such as fleet. If empty, the folder's name. Do not change it later: "
                + "the names of the volumes depend on it.",
        };
        file["DOCKER_GID"].Description = SocketGroup;
        file["COLLECTOR_IMAGE"].Description = "The Collector's image, built by deploy/collector.Dockerfile.";
        file["WEB_IMAGE"].Description = "Web's image, built by deploy/web.Dockerfile. deploy/.env.example describes all other settings.";
    }

    /// <summary>
    /// No root, no capabilities, a read-only file system except for the data, and a memory limit. The program checks its own health,
    /// because its image has no shell.
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

    /// <summary>Aspire adds an https endpoint to a published project, which is not used here. Both endpoints get the same port.</summary>
    private static IResourceBuilder<ProjectResource> OnOnePort(this IResourceBuilder<ProjectResource> project, int? hostPort) =>
        project
            .WithEndpoint(
                "http",
                endpoint => (endpoint.IsExternal, endpoint.Port, endpoint.TargetPort) = (hostPort is not null, hostPort, ContainerPort)
            )
            .WithEndpoint("https", endpoint => endpoint.TargetPort = ContainerPort, createIfNotExists: false);

    /// <summary>An optional variable in .env. deploy/.env.example describes them.</summary>
    internal static string Setting(string variable, string otherwise) => $"${{{variable}:-{otherwise}}}";

    /// <summary>A required variable: Compose stops with this advice instead of sending an empty value to the engine.</summary>
    private static string Required(string placeholder, string advice) =>
        placeholder.Replace("}", $":?{advice}}}", StringComparison.Ordinal);

    private static string DataOf(Service service) => $"{service.Name}-data";
}
