using FleetDashboard.Collector.Fleet;

namespace FleetDashboard.Collector.Snapshots;

internal static class SnapshotServices
{
    public static void AddSnapshots(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ChangeHistory>();
        builder.Services.AddSingleton<Inventory>();
        builder.Services.AddSingleton<SnapshotAssembler>();
        builder.Services.AddSingleton<SnapshotWarnings>();
        builder.Services.AddSingleton<SnapshotStore>();
        builder.Services.AddSingleton<SnapshotPublisher>();
        builder.Services.AddHostedService<SnapshotWriter>();
        builder.Services.AddHealthChecks().AddCheck<SnapshotHealthCheck>("engine");
    }
}
