using FleetDashboard.Contracts;
using FleetDashboard.Web.Components.Shared;

namespace FleetDashboard.Web.Components.Pages.Fleet;

/// <summary>A container as a row of the open card: the values for sorting, and the texts to show.</summary>
internal sealed record ContainerRow
{
    public required ContainerSnapshot Container { get; init; }
    public required string State { get; init; }
    public required string Cpu { get; init; }
    public required string? CpuShare { get; init; }
    public required string Memory { get; init; }
    public required string? MemoryShare { get; init; }
    public required string? Overdue { get; init; }
    public required string Network { get; init; }
    public required string Since { get; init; }
    public required DateTimeOffset? SinceAt { get; init; }

    // What the grid sorts by.
    public string Id => Container.Id;
    public string Service => Container.Service;
    public int Severity => (int)Container.Color;
    public double CpuCores => Container.CpuCores ?? -1;
    public long MemoryBytes => Container.MemoryBytes ?? -1;
    public double NetworkRate => (Container.NetworkReceiveRate ?? -1) + (Container.NetworkSendRate ?? 0);
    public int Restarts => Container.Restarts;
    public string Image => Container.Image;

    public static IQueryable<ContainerRow> All(AppSnapshot app, FleetSnapshot snapshot) =>
        app.Containers.Select(container => From(container, snapshot)).ToList().AsQueryable();

    public static ContainerRow From(ContainerSnapshot container, FleetSnapshot snapshot)
    {
        var runs = container.HasProcesses;
        var sinceAt = runs ? container.StartedAt : container.FinishedAt ?? container.CreatedAt;
        var span = sinceAt is { } at ? Format.Duration(Later(snapshot.TakenAt - at)) : null;
        return new ContainerRow
        {
            Container = container,
            State = StateText.Describe(container),
            Cpu = container.CpuCores is { } cores
                ? $"{Format.Cores(cores)}{(container.CpuLimitCores is { } limit ? $" of {Format.CoreLimit(limit)}" : "")}"
                : Meter.None,
            CpuShare = container.CpuShare is { } cpu ? Format.Percent(cpu) : null,
            Memory = MemoryOf(container),
            MemoryShare = container.MemoryShare is { } memory ? Format.Percent(memory) : null,
            Overdue = OverdueOf(container, snapshot),
            Network = container.NetworkReceiveRate is { } received
                ? $"{Format.BytesPerSecond(received)}, {Format.BytesPerSecond(container.NetworkSendRate ?? 0)}"
                : Meter.None,
            Since =
                span is null ? Meter.None
                : runs ? $"up {span}"
                : container.FinishedAt is null ? $"created {span} ago"
                : $"ended {span} ago",
            SinceAt = sinceAt,
        };
    }

    private static string MemoryOf(ContainerSnapshot container)
    {
        if (container.MemoryBytes is not { } used)
        {
            return Meter.None;
        }
        if (container.MemoryLimitBytes is not { } limit)
        {
            return Format.Bytes(used);
        }
        var (value, of) = Format.BytesOf(used, limit);
        return $"{value} {of}";
    }

    private static string? OverdueOf(ContainerSnapshot container, FleetSnapshot snapshot) =>
        container is { Overdue: true, SampledAt: { } at } ? $"{Format.Duration(Later(snapshot.TakenAt - at))} old" : null;

    private static TimeSpan Later(TimeSpan span) => span < TimeSpan.Zero ? TimeSpan.Zero : span;
}
