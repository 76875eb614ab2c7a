// The developer's way in: `dotnet run --project FleetDashboard.AppHost` starts Collector and Web with the Aspire dashboard beside them.
// Aspire's packages are not in every copy of the registry, so the solution lists this project without building it.

var builder = DistributedApplication.CreateBuilder(args);

// Collector and Web share one secret: Web signs with it, the Collector verifies. Generated once and kept in the user secrets.
var secret = builder.AddParameter("shared-secret", new GenerateParameterDefault { MinLength = 48, Special = false }, secret: true, persist: true)
    .WithDescription("Web signs its requests to the Collector with it; at least 32 bytes.");
var password = builder.AddParameter("admin-password", new GenerateParameterDefault { MinLength = 20, Special = false }, secret: true, persist: true)
    .WithDescription("The password of the first operator, admin.");
var engine = builder.Configuration["DOCKER_HOST"] is { Length: > 0 } host ? host : "unix:///var/run/docker.sock";

// The only process on the engine's socket.
var collector = builder.AddProject<Projects.FleetDashboard_Collector>("collector")
    .WithEnvironment("Engine__Endpoint", engine)
    .WithEnvironment("Auth__SharedSecret", secret)
    .WithEnvironment("Fleet__File", Path.Combine(builder.AppHostDirectory, "..", "fleet.yaml"))
    .WithEnvironment("Fleet__Optional", "true")
    .WithEnvironment("Data__Path", Path.Combine(builder.AppHostDirectory, "..", "data", "collector"))
    .WithHttpHealthCheck("/health");

// The page. It knows the Collector's address and the secret, and nothing of the engine.
builder.AddProject<Projects.FleetDashboard_Web>("web")
    .WithReference(collector)
    .WithEnvironment("Collectors__Hosts__0__Url", "http://collector")
    .WithEnvironment("Collectors__SharedSecret", secret)
    .WithEnvironment("Accounts__AdminPassword", password)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WaitFor(collector);

builder.Build().Run();
