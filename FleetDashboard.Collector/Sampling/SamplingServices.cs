using FleetDashboard.Collector.Engine;
using FleetDashboard.Collector.Sampling.Cgroups;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Sampling;

internal static class SamplingServices
{
    public static void AddSampling(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<SamplingOptions>()
            .Bind(builder.Configuration.GetSection(SamplingOptions.SectionName))
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SamplingOptions>, SamplingOptionsValidator>();
        builder.Services.AddSingleton<CgroupReader>();
        builder.Services.AddSingleton<OneShotReader>();
        builder.Services.AddSingleton<Sampler>();
        builder.Services.AddSingleton<ViewerPresence>();
        builder.Services.AddSingleton<StatsHistory>();
        builder.Services.AddSingleton<ISessionLoop, SamplingLoop>();
    }
}
