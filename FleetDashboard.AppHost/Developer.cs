namespace FleetDashboard.AppHost;

/// <summary>
/// What only the developer's machine has: an engine or the demo fleet, generated secrets, and data folders in the repository.
/// </summary>
internal static class Developer
{
    private const string Scheme = "unix://";

    /// <summary>Uses the engine of <c>DOCKER_HOST</c> or of the default socket. Without an engine, the demo fleet.</summary>
    public static void AddEngine(this IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> collector)
    {
        var endpoint = builder.Configuration["DOCKER_HOST"] is { Length: > 0 } host ? host : Scheme + Deployment.Socket;
        if (!endpoint.StartsWith(Scheme, StringComparison.Ordinal) || File.Exists(endpoint[Scheme.Length..]))
        {
            collector.WithEnvironment("Engine__Endpoint", endpoint);
            return;
        }

        // A temporary folder, because a socket path has at most 108 bytes, and so that the next run does not find this socket.
        var socket = Path.Combine(Directory.CreateTempSubdirectory("fleet-demo-").FullName, "docker.sock");
        var demo = builder.AddProject<Projects.FleetDashboard_DemoEngine>("demo-engine").WithEnvironment("Demo__SocketPath", socket);
        collector.WithEnvironment("Engine__Endpoint", Scheme + socket).WaitForStart(demo);
    }

    /// <summary>Web signs its requests to the Collector with one secret.</summary>
    public static void ShareSecret(
        this IDistributedApplicationBuilder builder,
        IResourceBuilder<ProjectResource> collector,
        IResourceBuilder<ProjectResource> web
    )
    {
        var secret = builder.AddGeneratedSecret(
            "shared-secret",
            "Web signs its requests to the Collector with this secret. " + "At least 32 bytes."
        );
        collector.WithEnvironment("Auth__SharedSecret", secret);
        web.WithEnvironment("Collectors__SharedSecret", secret);
    }

    public static void KeepData(
        this IDistributedApplicationBuilder builder,
        IResourceBuilder<ProjectResource> collector,
        IResourceBuilder<ProjectResource> web
    )
    {
        collector
            .WithEnvironment("Fleet__File", Path.Combine(builder.AppHostDirectory, "..", "fleet.yaml"))
            .WithEnvironment("Data__Path", builder.DataPath("collector"));
        web.WithEnvironment("Data__Path", builder.DataPath(""));
    }

    public static string DataPath(this IDistributedApplicationBuilder builder, string part) =>
        Path.Combine(builder.AppHostDirectory, "..", "data", part);

    /// <summary>A secret that is generated once and stored in the developer's user secrets.</summary>
    public static IResourceBuilder<ParameterResource> AddGeneratedSecret(
        this IDistributedApplicationBuilder builder,
        string name,
        string description
    ) =>
        builder
            .AddParameter(name, new GenerateParameterDefault { MinLength = 48, Special = false }, secret: true, persist: true)
            .WithDescription(description);
}
