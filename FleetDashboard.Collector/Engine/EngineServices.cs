using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Engine;

internal static class EngineServices
{
    public static void AddEngine(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<EngineOptions>().Bind(builder.Configuration.GetSection(EngineOptions.SectionName)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<EngineOptions>, EngineOptionsValidator>();
        builder.Services.AddSingleton<EngineCalls>();
        builder.Services.AddSingleton<EngineClient>();
        builder.Services.AddSingleton<EngineStats>();
        builder.Services.AddSingleton<EngineContainers>();
        builder.Services.AddSingleton<EngineBuild>();
        builder.Services.AddSingleton<EngineImages>();
        builder.Services.AddSingleton<EngineLogs>();
    }
}
