namespace FleetDashboard.AppHost;

/// <summary>What only the developer's machine has.</summary>
internal static class Developer
{
    private const string Scheme = "unix://";

    /// <summary>The engine of <c>DOCKER_HOST</c> or of the usual socket; where there is none, an invented fleet.</summary>
    public static void AddEngine(IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> collector)
    {
        var endpoint = builder.Configuration["DOCKER_HOST"] is { Length: > 0 } host ? host : Scheme + Deployment.Socket;
        if (!endpoint.StartsWith(Scheme, StringComparison.Ordinal) || File.Exists(endpoint[Scheme.Length..]))
        {
            collector.WithEnvironment("Engine__Endpoint", endpoint);
            return;
        }

        // A folder of its own: a socket's path has 108 bytes at most, and the next run must not find this one's.
        var socket = Path.Combine(Directory.CreateTempSubdirectory("fleet-demo-").FullName, "docker.sock");
        var demo = builder.AddProject<Projects.FleetDashboard_DemoEngine>("demo-engine").WithEnvironment("Demo__SocketPath", socket);
        collector.WithEnvironment("Engine__Endpoint", Scheme + socket).WaitForStart(demo);
    }
}
