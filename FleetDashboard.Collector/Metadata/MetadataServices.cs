using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Metadata;

internal static class MetadataServices
{
    public static void AddMetadata(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<MetadataOptions>()
            .Bind(builder.Configuration.GetSection(MetadataOptions.SectionName))
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<MetadataOptions>, MetadataOptionsValidator>();
        builder.Services.AddSingleton<FleetFileWatcher>();
    }
}
