using FleetDashboard.Contracts;
using FleetDashboard.Web.Clients;

namespace FleetDashboard.Web.Components.Shared;

/// <summary>What an app uses now, as text: one list for each chart.</summary>
internal static class AppStats
{
    public static ValueList<string> Cpu(AppSnapshot app, HostSnapshot host)
    {
        var meter = Meter.Cpu(app.CpuCores, app.CpuLimitCores, host.Cpus, alarm: false).Without(app.WithoutCpu);
        return new([$"{meter.Value} {meter.Limit} now"]);
    }

    public static ValueList<string> Memory(AppSnapshot app, HostSnapshot host)
    {
        var meter = Meter.Memory(app.MemoryBytes, app.MemoryLimitBytes, host.MemoryBytes, alarm: false).Without(app.WithoutMemory);
        return new([$"{meter.Value} {meter.Limit} now"]);
    }

    public static ValueList<string> Network(AppSnapshot app) =>
        new([$"in {Rate(app, c => c.NetworkReceiveRate)}", $"out {Rate(app, c => c.NetworkSendRate)} now"]);

    public static ValueList<string> Disk(AppSnapshot app) =>
        new([$"read {Rate(app, c => c.BlockReadRate)}", $"written {Rate(app, c => c.BlockWriteRate)} now"]);

    private static string Rate(AppSnapshot app, Func<ContainerSnapshot, double?> figure) =>
        app.Containers.Known(figure).Known is { } sum ? Format.BytesPerSecond(sum) : Meter.None;
}
