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

/// <summary>
/// Composes the Collector, room by room. Separate from <c>Program</c>, so that tests run the same Collector on their own port.
/// </summary>
internal static class CollectorApp
{
    /// <param name="args">The command line.</param>
    /// <param name="more">Adds services in a test.</param>
    /// <exception cref="OptionsValidationException">A setting is missing or invalid. The message names it.</exception>
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
        builder.AddRequestLimits(maxBodyBytes: 4 * 1024); // the largest body is the record of an account change
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
        app.MapAccounts(); // must be created before the first request: its filter treats older tokens as used
        app.MapActions(); // maps nothing if Actions:Enabled is false
        app.MapJobs();
        app.MapAudit();
        app.MapLogs();
        return app;
    }
}
