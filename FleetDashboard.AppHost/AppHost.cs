// The entry point for developers, and a model of the deployment. `dotnet run --project FleetDashboard.AppHost` starts all parts with the
// Aspire dashboard. `aspire publish` writes a Compose file that is as restricted as deploy/compose.yaml. Aspire's packages are not in every
// copy of the registry, so the solution lists this project without building it.
using FleetDashboard.AppHost;

var builder = DistributedApplication.CreateBuilder(args);
builder.AddFleet();
builder.Build().Run();
