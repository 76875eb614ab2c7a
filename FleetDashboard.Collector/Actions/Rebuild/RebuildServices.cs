namespace FleetDashboard.Collector.Actions.Rebuild;

internal static class RebuildServices
{
    public static void AddRebuild(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<BuildRoots>();
        builder.Services.AddSingleton<ComposeBuilds>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ComposeBuilds>());
        builder.Services.AddSingleton<BuildSources>();
    }
}
