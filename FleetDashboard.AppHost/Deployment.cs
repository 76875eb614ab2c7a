using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;

namespace FleetDashboard.AppHost;

/// <summary>What publishing adds to Aspire's own Compose file, so that it is as closed as deploy/compose.yaml.</summary>
internal static class Deployment
{
    /// <summary>The Collector and Web; no way out.</summary>
    public const string Inside = "collector";

    /// <summary>Web and whoever looks at it.</summary>
    public const string Page = "page";

    public const string Data = "/data";
    public const string Socket = "/var/run/docker.sock";
    public const int ContainerPort = 8080;

    public static void Networks(ComposeFile file)
    {
        file.AddNetwork(new Network { Name = Inside, Driver = "bridge", Internal = true });
        file.AddNetwork(new Network { Name = Page, Driver = "bridge" });
        file.Networks.Remove("aspire");
        foreach (var service in file.Services.Values)
        {
            file.AddVolume(new Volume { Name = DataOf(service), Driver = "local" });
        }
    }

    /// <summary>No root, no capabilities, nothing written but its data; asked for its health by itself, since its image has no shell.</summary>
    /// <param name="service">The service.</param>
    /// <param name="program">Its assembly's file, below /app.</param>
    public static void Harden(Service service, string program)
    {
        service.Restart = "unless-stopped";
        service.User = "1654:1654";
        service.ReadOnly = true;
        service.CapDrop.Add("ALL");
        service.SecurityOpt.Add("no-new-privileges:true");
        service.Tmpfs.Add("/tmp:size=64m,mode=1777");
        service.AddVolume(new Volume { Name = DataOf(service), Type = "volume", Source = DataOf(service), Target = Data });
        service.StopGracePeriod = "40s";
        service.Healthcheck = new Healthcheck
        {
            Test = ["CMD", "dotnet", $"/app/{program}", "health"],
            Interval = "15s",
            Timeout = "5s",
            StartPeriod = "60s",
            Retries = 3,
        };
    }

    /// <summary>The engine's socket, for this one service. Read-only keeps the file from being replaced; it does not limit what the engine does.</summary>
    /// <param name="service">The Collector.</param>
    /// <param name="group">The group that owns the socket, as a placeholder.</param>
    public static void MountSocket(Service service, string group)
    {
        service.GroupAdd.Add(group);
        service.AddVolume(new Volume { Name = "engine", Type = "bind", Source = Socket, Target = Socket, ReadOnly = true });
    }

    /// <summary>Aspire gives a project an https endpoint when it is published, which nothing here speaks: both go to the one port.</summary>
    /// <param name="project">The project.</param>
    /// <param name="isPublished">False leaves it as it is on the developer's machine.</param>
    /// <param name="hostPort">Where the host listens for it; null for not at all.</param>
    public static IResourceBuilder<ProjectResource> OnOnePort(this IResourceBuilder<ProjectResource> project, bool isPublished, int? hostPort)
    {
        if (!isPublished)
        {
            return hostPort is null ? project : project.WithExternalHttpEndpoints();
        }

        return project
            .WithEndpoint("http", endpoint => (endpoint.IsExternal, endpoint.Port, endpoint.TargetPort) = (hostPort is not null, hostPort, ContainerPort))
            .WithEndpoint("https", endpoint => endpoint.TargetPort = ContainerPort, createIfNotExists: false);
    }

    private static string DataOf(Service service) => $"{service.Name}-data";
}
