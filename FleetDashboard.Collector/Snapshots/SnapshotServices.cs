using FleetDashboard.Collector.Sampling;
using FleetDashboard.Collector.Sampling.Cgroups;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Snapshots;

internal static class SnapshotServices
{
    public static void AddSnapshots(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<SamplingOptions>()
            .Bind(builder.Configuration.GetSection(SamplingOptions.SectionName))
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SamplingOptions>, SamplingOptionsValidator>();
        builder.Services.AddSingleton<OneShotReader>();
        builder.Services.AddSingleton<CgroupSource>();
        builder.Services.AddSingleton<Sampler>();
        builder.Services.AddSingleton<ViewerPresence>();
        builder.Services.AddSingleton<StatsHistory>();
        builder.Services.AddSingleton<ChangeHistory>();
        builder.Services.AddSingleton<SnapshotStore>();
        builder.Services.AddTransient<EngineSession>();
        builder.Services.AddSingleton<Func<EngineSession>>(services => services.GetRequiredService<EngineSession>);
        builder.Services.AddHostedService<SnapshotWriter>();
        builder.Services.AddHealthChecks().AddCheck<EngineHealthCheck>("engine");
    }
}
