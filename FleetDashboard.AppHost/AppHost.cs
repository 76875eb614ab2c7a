// The developer's way in, and the deployment as a model: `dotnet run --project FleetDashboard.AppHost` starts the parts with the Aspire
// dashboard
// beside them, `aspire publish` writes a Compose file that is as closed as deploy/compose.yaml. Aspire's packages are not in every copy of
// the
// registry, so the solution lists this project without building it.
using FleetDashboard.AppHost;

var builder = DistributedApplication.CreateBuilder(args);
builder.AddFleet();
builder.Build().Run();
