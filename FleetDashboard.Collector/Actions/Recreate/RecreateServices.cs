namespace FleetDashboard.Collector.Actions.Recreate;

internal static class RecreateServices
{
    public static void AddRecreate(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Wellness>();
        builder.Services.AddSingleton<LastWords>();
        builder.Services.AddSingleton<Restoration>();
        builder.Services.AddSingleton<Recreation>();
        builder.Services.AddSingleton<RecreateJournal>();
        builder.Services.AddSingleton<RecreateRecovery>();
        builder.Services.AddSingleton<IFleetAction, UpdateAction>();
    }
}
