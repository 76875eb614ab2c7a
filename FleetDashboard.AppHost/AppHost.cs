// The developer's way in, and the deployment as a model: `dotnet run --project FleetDashboard.AppHost` starts the parts with the Aspire dashboard
// beside them, `aspire publish` writes a Compose file that is as closed as deploy/compose.yaml. Aspire's packages are not in every copy of the
// registry, so the solution lists this project without building it.
using FleetDashboard.AppHost;

var builder = DistributedApplication.CreateBuilder(args);
var isPublished = builder.ExecutionContext.IsPublishMode;
const int pagePort = 5080;

// Collector and Web share one secret: Web signs with it, the Collector verifies. Made once and kept in the user secrets; empty in what is published.
var secret = builder.AddParameter("shared-secret", new GenerateParameterDefault { MinLength = 48, Special = false }, secret: true, persist: true)
    .WithDescription("Web signs its requests to the Collector with it; at least 32 bytes.");
var password = builder.AddParameter("admin-password", new GenerateParameterDefault { MinLength = 20, Special = false }, secret: true, persist: true)
    .WithDescription("The password of the first operator, admin. Read only while nobody has an account.");
var socketGroup = builder.AddParameter("docker-gid", "999", publishValueAsDefault: true)
    .WithDescription("The number of the group that owns the engine's socket: stat -c %g /var/run/docker.sock");

builder.AddDockerComposeEnvironment("fleet").WithDashboard(false).ConfigureComposeFile(Deployment.Networks);

// The only process on the engine's socket.
var collector = builder.AddProject<Projects.FleetDashboard_Collector>("collector")
    .WithEnvironment("Auth__SharedSecret", secret)
    .WithEnvironment("Fleet__Optional", "true")
    .WithHttpHealthCheck("/health")
    .DisableForwardedHeaders()
    .OnOnePort(isPublished, hostPort: null)
    .PublishAsDockerComposeService((resource, service) =>
    {
        Deployment.Harden(service, "FleetDashboard.Collector.dll");
        Deployment.MountSocket(service, socketGroup.AsEnvironmentPlaceholder(resource));
        service.Networks = [Deployment.Inside];
    });

// The page. It knows the Collector's address and the secret, and nothing of the engine.
var web = builder.AddProject<Projects.FleetDashboard_Web>("web")
    .WithReference(collector)
    .WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ServiceDiscovery)
    .WithEnvironment("Collectors__Hosts__0__Url", "http://collector")
    .WithEnvironment("Collectors__SharedSecret", secret)
    .WithEnvironment("Accounts__AdminPassword", password)
    .WithHttpHealthCheck("/health")
    .WithUrlForEndpoint("http", url => url.DisplayText = "Fleet")
    .WaitFor(collector)
    .DisableForwardedHeaders()
    .OnOnePort(isPublished, hostPort: pagePort)
    .PublishAsDockerComposeService((_, service) =>
    {
        Deployment.Harden(service, "FleetDashboard.Web.dll");
        service.Ports = [$"127.0.0.1:{pagePort}:{Deployment.ContainerPort}"];
        service.Networks = [Deployment.Inside, Deployment.Page];
        service.DependsOn["collector"].Condition = "service_healthy";
    });

if (isPublished)
{
    collector.WithEnvironment("Engine__Endpoint", $"unix://{Deployment.Socket}").WithEnvironment("Data__Path", Deployment.Data);
    web.WithEnvironment("Data__Path", Deployment.Data);
}
else
{
    Developer.AddEngine(builder, collector);
    collector.WithEnvironment("Fleet__File", Path.Combine(builder.AppHostDirectory, "..", "fleet.yaml"))
        .WithEnvironment("Data__Path", Path.Combine(builder.AppHostDirectory, "..", "data", "collector"));
    web.WithEnvironment("Data__Path", Path.Combine(builder.AppHostDirectory, "..", "data"));
}

builder.Build().Run();
