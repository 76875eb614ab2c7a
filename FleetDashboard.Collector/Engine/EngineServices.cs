using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Engine;

internal static class EngineServices
{
    public static void AddEngine(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<EngineOptions>().Bind(builder.Configuration.GetSection(EngineOptions.SectionName)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<EngineOptions>, EngineOptionsValidator>();
        builder.Services.AddSingleton<EngineCalls>();
        builder.Services.AddSingleton<EngineChannel>();
        builder.Services.AddSingleton<EngineClient>();
        builder.Services.AddSingleton<EngineStats>();
        builder.Services.AddSingleton<EngineContainers>();
        builder.Services.AddSingleton<EngineBuild>();
        builder.Services.AddSingleton<EngineImages>();
        builder.Services.AddSingleton<EngineLogs>();
        builder.Services.AddSingleton<EngineRequests>();
        builder.Services.AddSingleton<KnownContainers>();
        builder.Services.AddSingleton<SignalQueue>();
        builder.Services.AddSingleton<CollectorProblems>();
        builder.Services.AddSingleton<ISessionLoop, EventLoop>();
        builder.Services.AddSingleton<ISessionLoop, ListLoop>();
        builder.Services.AddSingleton<ISessionLoop, InspectLoop>();
        builder.Services.AddSingleton<ISessionLoop, ImageLoop>();
    }

    /// <summary>Connects to the engine when the Collector starts. After the snapshot writer, which loads fleet.yaml first.</summary>
    public static void AddEngineSession(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<EngineSession>();
        builder.Services.AddHostedService<EngineConnection>();
    }
}
