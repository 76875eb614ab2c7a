using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Logs;

internal static class LogServices
{
    public static void AddLogs(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<LogOptions>().Bind(builder.Configuration.GetSection(LogOptions.SectionName)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<LogOptions>, LogOptionsValidator>();
        builder.Services.AddSingleton<LogStreams>();
        builder.Services.AddSingleton<LogDependencies>();
    }
}
