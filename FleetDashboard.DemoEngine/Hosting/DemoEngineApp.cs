using FleetDashboard.DemoEngine.Api;
using FleetDashboard.DemoEngine.Events;
using FleetDashboard.DemoEngine.Faults;
using FleetDashboard.DemoEngine.Fleet;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FleetDashboard.DemoEngine.Hosting;

/// <summary>Puts the server together; a test does it with a socket, a clock and settings of its own.</summary>
internal static class DemoEngineApp
{
    public static async Task<WebApplication> BuildAsync(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        // A line for every request says nothing about a fleet.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.AddOptions<DemoOptions>().BindConfiguration(DemoOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<DemoOptions>, DemoOptionsValidator>();
        builder.Services.AddSingleton<IValidateOptions<DemoOptions>, SocketFolderValidator>();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<DemoOptions>>(Listen);
        builder.Services.AddSingleton<EventHub>();
        builder.Services.AddSingleton<FaultBoard>();
        builder.Services.AddSingleton<DemoFleet>();
        builder.Services.AddSingleton<FleetActions>();
        builder.Services.AddSingleton<StreamEnds>();
        builder.Services.AddSingleton<FleetLife>();
        builder.Services.AddHostedService(services => services.GetRequiredService<FleetLife>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        adjust?.Invoke(builder);

        var app = builder.Build();
        await DemoSocket.MakeRoomAsync(app.Services.GetRequiredService<IOptions<DemoOptions>>().Value.SocketPath);

        app.UseMiddleware<EngineManners>();
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
        // A viewer who scrolled up reads nothing for minutes; the engine waits, and so does this.
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.ListenUnixSocket(demo.Value.SocketPath);
    }
}
