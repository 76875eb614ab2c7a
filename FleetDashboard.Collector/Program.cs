using FleetDashboard.Collector.Api;
using FleetDashboard.Collector.Auth;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Metrics;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Contracts;
using Microsoft.Extensions.Options;

var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

builder.AddServiceDefaults();
builder.AddCollectorAuth();
builder.AddEngine();
builder.AddSnapshots();
builder.AddCollectorMetrics();
builder.Services.AddProblemDetails();
builder.Services.AddOpenApi();
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractsJson.Default));

try
{
    var app = builder.Build();

    app.UseExceptionHandler();
    app.UseStatusCodePages();
    app.UseAuthentication();
    app.UseAuthorization();

    app.MapDefaultEndpoints();
    app.MapMetrics();
    app.MapOpenApi(CollectorRoutes.OpenApi);
    app.MapFleet();

    // Here rather than by the host, which would add a stack trace to a sentence.
    app.Services.GetRequiredService<IStartupValidator>().Validate();
    app.Run();
    return 0;
}
catch (OptionsValidationException invalid)
{
    Console.Error.WriteLine("The Collector does not start. " + string.Join(' ', invalid.Failures));
    return 1;
}
