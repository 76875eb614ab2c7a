using FleetDashboard.Collector.Actions;
using FleetDashboard.Collector.Actions.Rebuild;
using FleetDashboard.Collector.Actions.Recreate;
using FleetDashboard.Collector.Api;
using FleetDashboard.Collector.Audit;
using FleetDashboard.Collector.Auth;
using FleetDashboard.Collector.Databases;
using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Logs;
using FleetDashboard.Collector.Metadata;
using FleetDashboard.Collector.Metrics;
using FleetDashboard.Collector.Sampling;
using FleetDashboard.Collector.Snapshots;
using FleetDashboard.Contracts;
using FleetDashboard.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector;

/// <summary>The Collector, room by room. Apart from <c>Program</c> so that tests run the same one on a port of their own.</summary>
internal static class CollectorApp
{
    /// <param name="args">The command line.</param>
    /// <param name="more">Services that a test adds.</param>
    /// <exception cref="OptionsValidationException">A setting is missing or wrong; the message names it.</exception>
    /// <exception cref="TrailInUseException">Another Collector writes the same audit trail.</exception>
    public static WebApplication Build(string[] args, Action<IServiceCollection>? more = null)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions
            {
                Args = args,
                ApplicationName = typeof(CollectorApp).Assembly.GetName().Name,
                ContentRootPath = AppContext.BaseDirectory,
            }
        );

        builder.Configuration.AddSecretFiles();
        builder.AddServiceDefaults();
        builder.AddRequestLimits(maxBodyBytes: 4 * 1024); // the one body that is read is the record of an account's change
        builder.AddCollectorAuth();
        builder.AddEngine();
        builder.AddMetadata();
        builder.AddSampling();
        builder.AddDatabases();
        builder.AddAudit();
        builder.AddActions();
        builder.AddSnapshots();
        builder.AddEngineSession();
        builder.AddRecreate();
        builder.AddRebuild();
        builder.AddLogs();
        builder.AddCollectorMetrics();
        builder.AddApi();
        more?.Invoke(builder.Services);

        var app = builder.Build();

        app.CheckSettings();

        app.Services.GetRequiredService<AuditTrail>().Open();

        app.UseRequestLimits();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseResponseCompression();
        app.UseMiddleware<UnauthenticatedActionAudit>();
        app.UseAuthentication();
        app.UseAuthorization();

        app.MapDefaultEndpoints();
        app.MapMetrics();
        app.MapOpenApi(CollectorRoutes.OpenApi);
        app.MapFleet();
        app.MapAccounts(); // Made before the first request: its filter counts tokens from before this moment as spent.
        app.MapActions(); // Nothing at all where Actions:Enabled is false.
        app.MapJobs();
        app.MapAudit();
        app.MapLogs();
        return app;
    }
}
