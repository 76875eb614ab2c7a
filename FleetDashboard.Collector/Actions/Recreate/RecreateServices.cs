namespace FleetDashboard.Collector.Actions.Recreate;

internal static class RecreateServices
{
    public static void AddRecreate(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<HealthWait>();
        builder.Services.AddSingleton<FailedContainerLog>();
        builder.Services.AddSingleton<Rollback>();
        builder.Services.AddSingleton<Recreation>();
        builder.Services.AddSingleton<RecreateJournal>();
        builder.Services.AddSingleton<RecreateRecovery>();
    }
}
