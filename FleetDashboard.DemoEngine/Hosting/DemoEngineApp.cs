using FleetDashboard.DemoEngine.Api;
using FleetDashboard.DemoEngine.Events;
using FleetDashboard.DemoEngine.Faults;
using FleetDashboard.DemoEngine.Fleet;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FleetDashboard.DemoEngine.Hosting;

/// <summary>Builds the server. Tests build it with their own socket, clock and settings.</summary>
internal static class DemoEngineApp
{
    public static async Task<WebApplication> BuildAsync(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        // A log line for every request is not useful.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.AddOptions<DemoOptions>().BindConfiguration(DemoOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<DemoOptions>, DemoOptionsValidator>();
        builder.Services.AddSingleton<IValidateOptions<DemoOptions>, SocketFolderValidator>();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<DemoOptions>>(Listen);
        builder.Services.AddSingleton<EventHub>();
        builder.Services.AddSingleton<ActiveFaults>();
        builder.Services.AddSingleton<DemoFleet>();
        builder.Services.AddSingleton<FleetActions>();
        builder.Services.AddSingleton<StreamEnds>();
        builder.Services.AddSingleton<FleetSimulation>();
        builder.Services.AddHostedService(services => services.GetRequiredService<FleetSimulation>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        adjust?.Invoke(builder);

        var app = builder.Build();
        await DemoSocket.MakeRoomAsync(app.Services.GetRequiredService<IOptions<DemoOptions>>().Value.SocketPath);

        app.UseMiddleware<EngineConventions>();
        app.UseMiddleware<FaultMiddleware>();
        app.UseRouting();
        app.MapSystem();
        app.MapContainers();
        app.MapStats();
        app.MapLogs();
        app.MapExec();
        app.MapEvents();
        app.MapNetworks();
        app.MapImages();
        app.MapPulls();
        app.MapDemo();
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, IOptions<DemoOptions> demo)
    {
        kestrel.AddServerHeader = false;
        // A viewer who has scrolled up reads nothing for minutes. The engine waits, and so does this server.
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.ListenUnixSocket(demo.Value.SocketPath);
    }
}
